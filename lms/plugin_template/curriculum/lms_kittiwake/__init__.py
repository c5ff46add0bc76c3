"""KITTIWAKE: a course as files, in `courses/`."""

from __future__ import annotations

from collections.abc import Iterable

from lms.plugin_api import About, Curriculum, FolderCurriculum, Text, hookimpl

about = About(
    api_version=1,
    label=Text("KITTIWAKE", "KITTIWAKE_FR"),
    summary=Text("A course of two classes.", "Une formation de deux séances."),
    sees=Text("nothing about people", "rien au sujet des personnes"),
)


@hookimpl
def curricula() -> Iterable[Curriculum]:
    return (FolderCurriculum("lms_kittiwake"),)
