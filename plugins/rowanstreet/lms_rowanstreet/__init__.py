"""What Rowan Street Works brings to a learning host: its paid pathway and its one-page certificate."""

from __future__ import annotations

from collections.abc import Iterable

from lms.plugin_api import About, CertificateIssuer, Curriculum, FolderCurriculum, RolePlayFormat, Text, hookimpl
from lms_rowanstreet.certificate import RowanPage
from lms_rowanstreet.five_turns import FIVE_TURNS

about = About(
    api_version=1,
    label=Text("Rowan Street Works", "Rowan Street Works"),
    summary=Text(
        "A paid pathway into peer support for groups of five, a role play in five turns, and a certificate of one page.",
        "Un parcours rémunéré vers la pair-aidance pour des groupes de cinq, un jeu de rôle en cinq tours et un certificat "
        "d'une page.",
    ),
    sees=Text(
        "the name and outcome on a certificate",
        "le nom et le résultat inscrits sur un certificat",
    ),
)


@hookimpl
def curricula() -> Iterable[Curriculum]:
    return (FolderCurriculum("lms_rowanstreet"),)


@hookimpl
def certificate_issuers() -> Iterable[CertificateIssuer]:
    return (RowanPage(),)


@hookimpl
def role_play_formats() -> Iterable[RolePlayFormat]:
    return (FIVE_TURNS,)
