"""The attendance rules that every host knows."""

from __future__ import annotations

from collections.abc import Iterable

from lms.builtin.attendance.absences import AtMostMissed, EveryClass
from lms.builtin.attendance.modules import EachModuleOnce
from lms.builtin.attendance.shares import Points, ShareOfClasses
from lms.builtin.attendance.time import ShareOfTime
from lms.plugin_api import About, AttendancePolicy, Text, hookimpl

about = About(
    api_version=1,
    label=Text("Attendance", "Présences"),
    summary=Text(
        "Rules about presence: every class, a number that may be missed, a share of classes or time, each module once.",
        "Des règles de présence\u00a0: toutes les séances, un nombre d'absences permis, une part des séances ou du temps, "
        "chaque module une fois.",
    ),
    sees=Text("who was at which class", "qui était à quelle séance"),
)


@hookimpl
def attendance_policies() -> Iterable[AttendancePolicy]:
    return (EveryClass(), AtMostMissed(), ShareOfClasses(), ShareOfTime(), EachModuleOnce(), Points())
