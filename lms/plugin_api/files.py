"""Courses read from folders: `course.yaml`, and Markdown files with YAML front matter.

    course.yaml
    modules/<module>/module.md, <activity>.md     front matter and English text
    modules/<module>/module.fr.md, <activity>.fr.md     the French text alone
    classes/01.md, 01.fr.md                        one class with the trainer's plan
    cards/<card>.md                                scenario cards
    practice/<practice>.yaml                       practice for one
    pictures/                                      png, jpg, gif, webp

A course is read whole: every fault of every file is found in one go.
"""

from __future__ import annotations

import hashlib
import importlib.resources
import re
from collections.abc import Collection, Iterable, Mapping
from importlib.resources.abc import Traversable
from typing import Annotated, Any, ClassVar

from pydantic import Field

from lms.plugin_api.content import (
    Activity,
    AttendanceChoice,
    CertificateChoice,
    ClassPlan,
    Course,
    Module,
    ModuleMinutes,
    Outcome,
    Requirement,
    Review,
)
from lms.plugin_api.content_base import Content, Id
from lms.plugin_api.contracts import Curriculum
from lms.plugin_api.course_checks import Names, check_references
from lms.plugin_api.loaded import LoadedCourse, Picture
from lms.plugin_api.manifest import UNREAD, Fault, Manifest, Model, check_model, read_yaml, sound_fields, sound_part
from lms.plugin_api.scenes import ScenarioCard
from lms.plugin_api.solo import SoloPractice
from lms.plugin_api.values import Text

PICTURE_TYPES = {
    "png": ("image/png", b"\x89PNG"),
    "jpg": ("image/jpeg", b"\xff\xd8\xff"),
    "jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    "gif": ("image/gif", b"GIF8"),
    "webp": ("image/webp", b"RIFF"),
}
MAX_PICTURE = 2_000_000
PICTURE_LINK = re.compile(r"!\[[^\]]*\]\(([^)\s]+)")
PICTURE_PLACE = re.compile(r"pictures/[^/\\]+")


class CourseFront(Content):
    """`course.yaml`."""

    id: Id
    title: Text
    summary: Text
    modules: Annotated[tuple[Id, ...], Field(min_length=1)]
    outcomes: Annotated[tuple[Outcome, ...], Field(min_length=1)]
    requirements: tuple[Requirement, ...] = ()
    attendance: AttendanceChoice | None = None
    certificate: CertificateChoice | None = None
    review: Review = Review()
    frameworks: tuple[str, ...] = ()


class ModuleFront(Content):
    """The front matter of `module.md`; `activities` names the files beside it, in order."""

    title: Text
    minutes: ModuleMinutes
    aims: Annotated[tuple[Text, ...], Field(min_length=1)]
    activities: tuple[Id, ...]
    teaches: tuple[str, ...] = ()


class FolderCurriculum(Curriculum):
    """The courses in a folder of a package: each sub-folder with a `course.yaml`."""

    label: ClassVar[Text] = Text("Courses from files", "Formations en fichiers")

    def __init__(self, package: str, folder: str = "courses") -> None:
        self.name = f"{package}:{folder}"  # type: ignore[misc]
        self.root = importlib.resources.files(package) / folder

    def courses(self) -> Iterable[LoadedCourse]:
        return read_courses(self.root)


def read_courses(root: Traversable) -> list[LoadedCourse]:
    """The course that `root` is, or every course in it, by folder name."""
    return [read_course(folder) for folder in folders_with_courses(root)]


def folders_with_courses(root: Traversable) -> list[Traversable]:
    """The folders with a `course.yaml`: `root` itself, or those in it."""
    if (root / "course.yaml").is_file():
        return [root]
    folders = sorted((f for f in root.iterdir() if f.is_dir()), key=lambda f: f.name) if root.is_dir() else []
    return [folder for folder in folders if (folder / "course.yaml").is_file()]


def read_course(folder: Traversable) -> LoadedCourse:
    """One course with all its faults."""
    return _CourseReader(folder).read()


def read_cards(folder: Traversable) -> LoadedCourse:
    """The scenario cards in `cards/` of a folder that is no course: `readable` has them alone."""
    return _CourseReader(folder).read_cards()


class _CourseReader:
    def __init__(self, folder: Traversable) -> None:
        self.folder = folder
        self.loaded = LoadedCourse(folder.name)
        self.named_activities: set[str] = set()

    def read(self) -> LoadedCourse:
        front = self._front()
        modules = [m for id in front["modules"] if (m := self._module(id))]
        self._unlisted_modules(front["modules"])
        course: Course = Course.model_construct(
            **{
                **front,
                "modules": tuple(modules),
                "classes": tuple(self._numbered_classes()),
                "cards": tuple(self._cards()),
                "practices": tuple(self._practices()),
                "pictures": self._pictures(),
            }
        )
        self.loaded.readable = course
        names = self.loaded.names = self._known_names(front, modules)
        check_references(course, names, self.loaded.add_fault)
        if not self.loaded.faults:
            self.loaded.course = course
        return self.loaded

    def read_cards(self) -> LoadedCourse:
        parts: dict[str, Any] = {"id": self.folder.name, "cards": tuple(self._cards())}
        self.loaded.readable = Course.model_construct(**parts)
        return self.loaded

    def _front(self) -> dict[str, Any]:
        """The keys of `course.yaml`; where it cannot be read, what can, and the names of folders."""
        text = self._text("course.yaml")
        manifest = read_yaml(text or "", self._shown("course.yaml"))
        front = self._checked("course", manifest, CourseFront)
        if front and not manifest.faults:
            return {name: getattr(front, name) for name in CourseFront.model_fields}
        return {"modules": self._folders("modules"), "outcomes": (), **sound_fields(manifest.values, CourseFront)}

    def _known_names(self, front: Mapping[str, Any], modules: Iterable[Module]) -> Names:
        folders = [f"modules/{id}" for id in self._folders("modules")]
        numbers = [int(name) for name in self._names("classes") if name.isdecimal()]
        outcomes = [o.id for o in front["outcomes"]]
        if not outcomes or UNREAD in outcomes:
            outcomes = [name for r in front.get("requirements", ()) for name in r.needed_for]
        activities = {name for folder in folders for name in self._names(folder)} | self.named_activities
        frameworks = front.get("frameworks")
        if frameworks is None:
            frameworks = {name.partition(":")[0] for module in modules for name in module.teaches}
        practices = self._names("practice", ".yaml")
        return Names(
            self._folders("modules"), activities, self._names("cards"), numbers, outcomes, frameworks, practices
        )

    def _folders(self, path: str) -> list[str]:
        at = self._at(path)
        return sorted(f.name for f in at.iterdir() if f.is_dir()) if at.is_dir() else []

    def _unlisted_modules(self, listed: Collection[str]) -> None:
        for name in self._folders("modules"):
            if name not in listed and self._names(f"modules/{name}"):
                where = self._shown(f"modules/{name}")
                message = f"Nothing names this folder. Add {name} to modules in course.yaml, or remove it."
                self.loaded.faults.append(Fault(where, message))

    def _module(self, id: str) -> Module | None:
        path = f"modules/{id}"
        document = self._document(f"{path}/module.md")
        if document is None:
            return None
        manifest, body = document
        front = self._checked(f"module:{id}", manifest, ModuleFront)
        if front is None:
            return None
        self.named_activities.update(front.activities)
        activities = [a for name in front.activities if (a := self._activity(path, name))]
        if front.activities is not UNREAD:
            self._unlisted(path, {"module", *front.activities})
        return Module.model_construct(
            id=id,
            title=front.title,
            minutes=front.minutes,
            aims=front.aims,
            activities=tuple(activities),
            teaches=tuple(front.teaches),
            intro=body,
        )

    def _unlisted(self, path: str, listed: set[str]) -> None:
        for file in sorted(f.name for f in self._at(path).iterdir()):
            name = file.removesuffix(".md").removesuffix(".fr")
            if file.endswith(".md") and name not in listed:
                where = self._shown(f"{path}/{file}")
                self.loaded.faults.append(
                    Fault(where, f"Nothing names this file. Add {name} to activities in module.md, or remove it.")
                )

    def _activity(self, path: str, name: str) -> Activity | None:
        return self._part(f"activity:{name}", f"{path}/{name}.md", Activity, "body", id=name)

    def _numbered_classes(self) -> list[ClassPlan]:
        plans = []
        names = self._names("classes")
        for name in sorted(names, key=lambda name: int(name) if name.isdecimal() else 0):
            if not name.isdecimal():
                where = self._shown(f"classes/{name}.md")
                self.loaded.faults.append(Fault(where, "Name class files by number, like 01.md and 01.fr.md."))
                continue
            number = int(name)
            plan = self._part(f"class:{number}", f"classes/{name}.md", ClassPlan, "plan", number=number)
            if plan:
                plans.append(plan)
        return plans

    def _cards(self) -> list[ScenarioCard]:
        names = self._names("cards")
        cards = (self._part(f"card:{n}", f"cards/{n}.md", ScenarioCard, "note", id=n) for n in names)
        return [card for card in cards if card]

    def _practices(self) -> list[SoloPractice]:
        found = []
        for name in self._names("practice", ".yaml"):
            part, path = f"practice:{name}", f"practice/{name}.yaml"
            manifest = read_yaml(self._text(path) or "", self._shown(path))
            if isinstance(manifest.values, dict):
                if "id" in manifest.values:
                    manifest.add(("id",), "'id' is not written here: it comes from the file.", key=True)
                manifest.values = {**manifest.values, "id": name}
            practice = self._checked(part, manifest, SoloPractice)
            if practice and not manifest.faults:
                found.append(practice)
        return found

    def _part(self, part: str, path: str, model: type[Model], body_field: str, **given: Any) -> Model | None:
        """A model from the front matter of `path`, its text under `body_field`, and what the host itself gives."""
        document = self._document(path, body_needed=body_field != "note")
        if document is None:
            return None
        manifest, body = document
        self.loaded.manifests[part] = manifest
        if isinstance(manifest.values, dict):
            for name in (*given, body_field):
                if name in manifest.values:
                    manifest.add((name,), f"'{name}' is not written here: it comes from the file.", key=True)
            if body_field != "note" or body.complete():
                given[body_field] = body
            manifest.values = {**manifest.values, **given}
        checked = self._checked(part, manifest, model)
        return checked.model_copy(update=given) if checked and manifest.faults else checked

    def _checked(self, part: str, manifest: Manifest, model: type[Model]) -> Model | None:
        """The model; with faults, what can be read of it, so that checks of what it names tell theirs in the same go."""
        self.loaded.manifests[part] = manifest
        checked = check_model(manifest, model)
        self.loaded.faults.extend(manifest.faults)
        if not manifest.faults:
            return checked
        return sound_part(manifest.values, model) if isinstance(manifest.values, dict) else None

    def _document(self, path: str, *, body_needed: bool = True) -> tuple[Manifest, Text] | None:
        """Front matter and body of `path`, the French body from its neighbour."""
        text = self._text(path)
        if text is None:
            return None
        front, english, first_line = _split_front_matter(text)
        manifest = read_yaml(front, self._shown(path), first_line=first_line)
        french_path = path.removesuffix(".md") + ".fr.md"
        french = self._text(french_path, needed=body_needed or bool(english.strip()))
        if body_needed:
            for body, where in ((english, path), (french, french_path)):
                if body is not None and not body.strip():
                    self.loaded.faults.append(Fault(self._shown(where), "There is no text in this file yet."))
        french = french or ""
        self._check_pictures(path, text)
        self._check_pictures(french_path, french)
        if french.startswith("---\n"):
            self.loaded.faults.append(
                Fault(self._shown(french_path), "French files hold text alone. Put keys into the .md file.", 1, 1)
            )
        return manifest, Text(english.strip(), french.strip())

    def _check_pictures(self, path: str, text: str) -> None:
        """A fault at each picture that is not there."""
        lines = Manifest(self._shown(path), text.splitlines())
        for link in PICTURE_LINK.finditer(text):
            if not (PICTURE_PLACE.fullmatch(link[1]) and self._at(link[1]).is_file()):
                line = text.count("\n", 0, link.start()) + 1
                column = link.start() - text.rfind("\n", 0, link.start())
                message = f"The picture '{link[1]}' is not in the folder pictures/ of the course."
                self.loaded.faults.append(Fault(lines.file, message, line, column, "", lines.excerpt(line)))

    def _names(self, folder: str, ending: str = ".md") -> list[str]:
        at = self._at(folder)
        if not at.is_dir():
            return []
        files = (f.name for f in at.iterdir())
        return sorted(f.removesuffix(ending) for f in files if f.endswith(ending) and not f.endswith(".fr.md"))

    def _text(self, path: str, *, needed: bool = True) -> str | None:
        at = self._at(path)
        if not at.is_file():
            if needed:
                self.loaded.faults.append(Fault(self._shown(path), "This file is missing."))
            return None
        try:
            return at.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError:
            self.loaded.faults.append(Fault(self._shown(path), "This file is not UTF-8 text. Save it as UTF-8."))
            return None

    def _pictures(self) -> dict[str, str]:
        digests: dict[str, str] = {}
        folder = self._at("pictures")
        for file in sorted(folder.iterdir(), key=lambda f: f.name) if folder.is_dir() else ():
            if file.is_dir():
                continue
            path = f"pictures/{file.name}"
            content = file.read_bytes()
            media_type, signature = PICTURE_TYPES.get(file.name.rpartition(".")[2].lower(), ("", b""))
            if not media_type or not content.startswith(signature):
                message = "Pictures are png, jpg, gif or webp, and named so."
                self.loaded.faults.append(Fault(self._shown(path), message))
            elif len(content) > MAX_PICTURE:
                self.loaded.faults.append(Fault(self._shown(path), "A picture may be 2 MB at most. Make it smaller."))
            else:
                digest = hashlib.sha256(content).hexdigest()
                digests[path] = digest
                self.loaded.pictures[digest] = Picture(media_type, content)
        return digests

    def _at(self, path: str) -> Traversable:
        return self.folder.joinpath(*path.split("/"))

    def _shown(self, path: str) -> str:
        return f"{self.folder.name}/{path}"


def _split_front_matter(text: str) -> tuple[str, str, int]:
    """Front matter, body, and the line on which the front matter starts."""
    if not text.startswith("---\n"):
        return "", text, 1
    end = re.search(r"^---[ \t]*(?:\n|\Z)", text[4:], re.MULTILINE)
    return (text[4:][: end.start()], text[4:][end.end() :], 2) if end else (text[4:], "", 2)
