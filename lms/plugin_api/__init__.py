"""The public door for plugins: everything a plugin may import of the host stands here.

`values` are the plain facts that go in and come out, `content` is what course files say, `contracts` are the
questions that a provider answers, `hooks` tells the host what a plugin provides, `files` reads courses from
folders, `documents` makes PDF pages, `testing` checks a plugin without a host.
"""

from lms.plugin_api.content import (
    Activity,
    ClassPlan,
    Course,
    FeedbackStarter,
    Module,
    Outcome,
    Requirement,
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
    Starters,
)
from lms.plugin_api.files import FolderCurriculum
from lms.plugin_api.frameworks import Framework, FrameworkItem, Resource
from lms.plugin_api.hooks import API_VERSION, hookimpl
from lms.plugin_api.loaded import LoadedCourse
from lms.plugin_api.manifest import Fault
from lms.plugin_api.reports import Card, GroupFacts, Participant, Report, Table, TodayCard
from lms.plugin_api.scenes import RolePlay, ScenarioCard
from lms.plugin_api.settings import Setting, SettingError
from lms.plugin_api.store import MemoryStore, Store
from lms.plugin_api.values import (
    Answer,
    AnswerForm,
    AttendanceStatus,
    Award,
    CatchUp,
    Choice,
    Compared,
    Document,
    Event,
    Field,
    Form,
    Guide,
    Ledger,
    MakeUp,
    Mark,
    Meeting,
    MeetingState,
    Part,
    Pause,
    Reasons,
    SentFile,
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
    "AnswerForm",
    "AttendanceExample",
    "AttendancePolicy",
    "AttendanceStatus",
    "Award",
    "Card",
    "CatchUp",
    "CertificateIssuer",
    "Choice",
    "ClassPlan",
    "Compared",
    "Course",
    "Curriculum",
    "Document",
    "Event",
    "Fault",
    "FeedbackStarter",
    "Field",
    "FolderCurriculum",
    "Form",
    "Framework",
    "FrameworkItem",
    "GroupFacts",
    "Guide",
    "Ledger",
    "LoadedCourse",
    "MakeUp",
    "Mark",
    "Meeting",
    "MeetingState",
    "MemoryStore",
    "Module",
    "NoOptions",
    "Options",
    "Outcome",
    "Part",
    "Participant",
    "Pause",
    "Provider",
    "Reasons",
    "Report",
    "Requirement",
    "Resource",
    "RolePlay",
    "ScenarioCard",
    "SentFile",
    "Setting",
    "SettingError",
    "Starters",
    "Status",
    "Store",
    "Table",
    "Text",
    "TodayCard",
    "Verdict",
    "VerdictStatus",
    "hookimpl",
]
