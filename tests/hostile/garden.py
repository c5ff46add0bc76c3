"""A plugin that can be made to fail anywhere: it brings a walk as homework, a rule about the weather, a leaf as paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from lms.plugin_api import (
    About,
    Activity,
    ActivityType,
    Answer,
    AttendancePolicy,
    Award,
    CertificateIssuer,
    Document,
    Field,
    Ledger,
    MakeUp,
    Meeting,
    NoOptions,
    Part,
    Reasons,
    Text,
    Verdict,
    VerdictStatus,
    hookimpl,
)

ABOUT = About(1, Text("Garden", "Jardin"), Text("Grows.", "Pousse."), Text("nothing", "rien"))


@dataclass
class Temper:
    """What the garden does when it is asked at one of `places`; at others it behaves. `given` is what it was last asked
    with."""

    places: tuple[str, ...] = ()
    act: Callable[[], Any] | None = None
    given: tuple[Any, ...] = ()

    def at(self, place: str, good: Any, *given: Any) -> Any:
        self.given = given
        return self.act() if self.act and place in self.places else good


def garden_with(temper: Temper) -> ModuleType:
    class Walk(ActivityType):
        name = "walk"
        label = Text("Walk", "Promenade")

        def form(self, activity: Activity, options: NoOptions) -> tuple[Field, ...]:
            return temper.at("walk.form", (Field("text", Text("Your walk", "Votre promenade")),), activity)  # type: ignore[no-any-return]

        def read(self, activity: Activity, options: NoOptions, form: Any) -> Answer | Reasons:
            return temper.at("walk.read", Answer(form["text"]), activity, form)  # type: ignore[no-any-return]

        def show(self, activity: Activity, options: NoOptions, answer: Answer) -> tuple[Part, ...]:
            return temper.at("walk.show", (Part(self.label, answer.text),), activity, answer)  # type: ignore[no-any-return]

    class Weather(AttendancePolicy):
        name = "weather"
        label = Text("Weather", "Météo")

        def rule(self, options: NoOptions, names: Any) -> Text:
            return temper.at("weather.rule", Text("Come when it rains.", "Venez quand il pleut."))  # type: ignore[no-any-return]

        def judge(self, ledger: Ledger, outcome: str, options: NoOptions) -> Verdict:
            good = Verdict(VerdictStatus.MET, Text("It rained.", "Il a plu."))
            return temper.at("weather.judge", good, ledger)  # type: ignore[no-any-return]

        def make_ups(self, ledger: Ledger, meeting: Meeting, options: NoOptions) -> tuple[MakeUp, ...]:
            return temper.at("weather.make_ups", (), ledger)  # type: ignore[no-any-return]

    class Leaf(CertificateIssuer):
        name = "leaf"
        label = Text("Leaf", "Feuille")

        def issue(self, award: Award, settings: Any) -> tuple[Document, ...]:
            good = (Document("leaf.pdf", "application/pdf", b"%PDF"),)
            return temper.at("leaf.issue", good)  # type: ignore[no-any-return]

    garden = ModuleType("garden")
    garden.about = ABOUT  # type: ignore[attr-defined]
    for hook, providers in (
        ("activity_types", (Walk(),)),
        ("attendance_policies", (Weather(),)),
        ("certificate_issuers", (Leaf(),)),
    ):
        setattr(garden, hook, hook_named(hook, lambda providers=providers: providers))

    def after_submission(event: Any) -> None:
        temper.at("after_submission", None)

    garden.after_submission = hookimpl(after_submission)  # type: ignore[attr-defined]
    return garden


def hook_named(name: str, answer: Callable[[], Any]) -> Any:
    def hook() -> Any:
        return answer()

    hook.__name__ = name
    return hookimpl(hook)
