"""What Tidewater Health Region brings to a learning host: its course, and nothing that looks at people."""

from __future__ import annotations

from collections.abc import Iterable

from lms.plugin_api import About, Curriculum, FolderCurriculum, Text, hookimpl

about = About(
    api_version=1,
    label=Text("Tidewater Health Region", "Tidewater Health Region"),
    summary=Text(
        "Peer support worker training in a health region: seven classes, practice at one of four sites, strict privacy.",
        "Une formation en pair-aidance dans une région sanitaire\u00a0: sept séances, une pratique dans l'un de quatre "
        "milieux, une confidentialité stricte.",
    ),
    sees=Text("nothing about people", "rien sur les personnes"),
)


@hookimpl
def curricula() -> Iterable[Curriculum]:
    return (FolderCurriculum("lms_tidewater"),)
