"""What Harbourlight Rights and Recovery brings to a learning host: one course in two timetables, its attendance rule in
minutes, its certificate."""

from __future__ import annotations

from collections.abc import Iterable

from lms.plugin_api import (
    About,
    AttendancePolicy,
    CardDeck,
    CertificateIssuer,
    Curriculum,
    FolderCurriculum,
    FolderDeck,
    GroupingWishes,
    Text,
    hookimpl,
)
from lms_harbourlight.attendance import EnoughMinutes
from lms_harbourlight.certificate import HarbourlightSheet
from lms_harbourlight.five_days import FiveDays
from lms_harbourlight.newcomers import NewcomersAmongOthers

about = About(
    api_version=1,
    label=Text("Harbourlight", "Harbourlight"),
    summary=Text(
        "Peer support training in ten weeks or five days, a rule that counts minutes, and a certificate.",
        "Une formation au soutien par les pairs en dix semaines ou cinq jours, une règle qui compte les minutes "
        "et un certificat.",
    ),
    sees=Text(
        "who was at which class and how long; by numbers alone, who played with whom; the name and outcome on a certificate",
        "qui était à quelle séance et combien de temps; par numéros seulement, qui a joué avec qui; le nom et le résultat "
        "inscrits sur un certificat",
    ),
)


@hookimpl
def curricula() -> Iterable[Curriculum]:
    ten_weeks = FolderCurriculum("lms_harbourlight")
    return (ten_weeks, FiveDays(ten_weeks))


@hookimpl
def attendance_policies() -> Iterable[AttendancePolicy]:
    return (EnoughMinutes(),)


@hookimpl
def certificate_issuers() -> Iterable[CertificateIssuer]:
    return (HarbourlightSheet(),)


@hookimpl
def grouping_wishes() -> Iterable[GroupingWishes]:
    return (NewcomersAmongOthers(),)


@hookimpl
def scenario_cards() -> Iterable[CardDeck]:
    return (FolderDeck("lms_harbourlight", "rights", Text("Rights in everyday life", "Les droits au quotidien")),)
