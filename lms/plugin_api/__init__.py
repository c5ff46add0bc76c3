"""The public door for plugins: everything a plugin may import of the host stands here.

`values` are the plain facts that go in and come out, `content` is what course files say, `contracts` are the
questions that a provider answers, `hooks` tells the host what a plugin provides, `files` reads courses from
folders, `documents` makes PDF pages, `testing` checks a plugin without a host.
"""

from lms.plugin_api.content import (
    Activity,
    ClassPlan,
    Course,
    Module,
    Outcome,
    Requirement,
    RolePlay,
    ScenarioCard,
)
from lms.plugin_api.contracts import (
    About,
    ActivityType,
    AttendanceExample,
    AttendancePolicy,
    CertificateIssuer,
    Curriculum,
    NoOptions,
    Options,
    Provider,
)
from lms.plugin_api.files import FolderCurriculum
from lms.plugin_api.hooks import API_VERSION, hookimpl
from lms.plugin_api.loaded import LoadedCourse
from lms.plugin_api.manifest import Fault
from lms.plugin_api.values import (
    Answer,
    Award,
    Choice,
    Document,
    Event,
    Field,
    Ledger,
    MakeUp,
    Mark,
    Meeting,
    MeetingState,
    Part,
    Reasons,
    Status,
    Text,
    Verdict,
    VerdictStatus,
)

__all__ = [
    "API_VERSION",
    "About",
    "Activity",
    "ActivityType",
    "Answer",
    "AttendanceExample",
    "AttendancePolicy",
    "Award",
    "CertificateIssuer",
    "Choice",
    "ClassPlan",
    "Course",
    "Curriculum",
    "Document",
    "Event",
    "Fault",
    "Field",
    "FolderCurriculum",
    "Ledger",
    "LoadedCourse",
    "MakeUp",
    "Mark",
    "Meeting",
    "MeetingState",
    "Module",
    "NoOptions",
    "Options",
    "Outcome",
    "Part",
    "Provider",
    "Reasons",
    "Requirement",
    "RolePlay",
    "ScenarioCard",
    "Status",
    "Text",
    "Verdict",
    "VerdictStatus",
    "hookimpl",
]
