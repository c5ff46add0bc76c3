"""What Northside brings to a learning host: its course, its attendance rule, its certificate, its report."""

from __future__ import annotations

from collections.abc import Iterable

from lms.plugin_api import (
    About,
    AttendancePolicy,
    CertificateIssuer,
    Curriculum,
    Event,
    FolderCurriculum,
    Report,
    Store,
    Text,
    hookimpl,
)
from lms_northside.attendance import NorthsideAttendance
from lms_northside.certificate import NorthsideLetter, NorthsideSettings
from lms_northside.funder import ForTheFunder, count_told

about = About(
    api_version=1,
    label=Text("Northside", "Northside"),
    summary=Text(
        "A core course in peer support, a rule about presence, a certificate on warm paper, and numbers for the funder.",
        "Une formation de base en pair-aidance, une règle de présence, un certificat sur papier chaleureux et des chiffres "
        "pour le bailleur de fonds.",
    ),
    sees=Text(
        "who was at which class, and where people stand, which its report counts; the name and outcome on a certificate",
        "qui était à quelle séance et où en sont les gens, ce que compte son rapport; le nom et le résultat inscrits sur un "
        "certificat",
    ),
    settings=NorthsideSettings,
)


@hookimpl
def curricula() -> Iterable[Curriculum]:
    return (FolderCurriculum("lms_northside"),)


@hookimpl
def attendance_policies() -> Iterable[AttendancePolicy]:
    return (NorthsideAttendance(),)


@hookimpl
def certificate_issuers() -> Iterable[CertificateIssuer]:
    return (NorthsideLetter(),)


@hookimpl
def reports() -> Iterable[Report]:
    return (ForTheFunder(),)


@hookimpl
def after_decision(event: Event, store: Store) -> None:
    count_told(event, store)
