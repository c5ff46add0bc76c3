"""What Northside brings to a learning host: its course, its attendance rule, its certificate."""

from __future__ import annotations

from collections.abc import Iterable

from lms.plugin_api import (
    About,
    AttendancePolicy,
    CertificateIssuer,
    Curriculum,
    FolderCurriculum,
    Text,
    hookimpl,
)
from lms_northside.attendance import NorthsideAttendance
from lms_northside.certificate import NorthsideLetter, NorthsideSettings

about = About(
    api_version=1,
    label=Text("Northside", "Northside"),
    summary=Text(
        "A core course in peer support, a rule about presence, and a certificate on warm paper.",
        "Une formation de base en pair-aidance, une règle de présence et un certificat sur papier chaleureux.",
    ),
    sees=Text(
        "who was at which class; the name and outcome on a certificate",
        "qui était à quelle séance; le nom et le résultat inscrits sur un certificat",
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
