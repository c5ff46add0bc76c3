"""The one door through which the host asks plugins while people wait.

A plugin that raises or answers nonsense is recorded, and its place gets a sentence and a safe fallback: never a
blocked trainee, never a silent pass or fail.
"""

from __future__ import annotations

import inspect
import json
import logging
import time
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from threading import current_thread, main_thread
from typing import Any, TypeVar

from lms.host import answers
from lms.host.budget import watcher
from lms.host.errors import PluginFault as PluginFault
from lms.host.kinds import GuardedActivityType as GuardedActivityType
from lms.host.plugins import Plugin, PluginHost, Provided, described, where_raised
from lms.host.sealed import CannotOpen, Seal
from lms.plugin_api.content import Activity, Course, FeedbackStarter
from lms.plugin_api.contracts import NoOptions
from lms.plugin_api.frameworks import FrameworkItem
from lms.plugin_api.scenes import ScenarioCard
from lms.plugin_api.store import Store
from lms.plugin_api.values import (
    AttendanceStatus,
    Award,
    Document,
    Event,
    Ledger,
    MakeUp,
    Meeting,
    Text,
    Verdict,
    VerdictStatus,
)

log = logging.getLogger("lms.plugins")
T = TypeVar("T")

SLOW_SECONDS = 0.5
RECENT = 200
SLOW = "It took longer than half a second to answer."
# Seconds until a plugin is interrupted: while people wait, and where nobody does (at start-up, from the outbox).
PATIENCE, LONG_PATIENCE = 5.0, 60.0
# A plugin for which people have waited so many seconds within a minute is left out for a minute, then asked again.
ENOUGH, REST = 5.0, 60.0
LEFT_OUT = "People waited for it more than five seconds within a minute, so it was left out for a minute."
MAX_OPTIONS = 2_000
TRAINER_CHECKS = Text("Your trainer will check this one.", "L'équipe de formation vérifiera ce point.")


@dataclass(frozen=True)
class Trouble:
    """One recorded fault: which plugin, at which place, in short words."""

    plugin: str
    place: str
    message: str


@dataclass(frozen=True, eq=False)
class Rule:
    """An attendance rule: the policy's name, its options, and the version that it is stamped with ("": the newest)."""

    policy: str
    options: Mapping[str, Any]
    version: str = ""


@dataclass(frozen=True)
class Asked:
    """One question to a plugin, as `lms plugins --trace` lists it; `answered` is shortened to a line."""

    plugin: str
    place: str
    milliseconds: float
    answered: str


@dataclass(frozen=True)
class Pace:
    """How long the last answers of a plugin took for which somebody waited, in seconds."""

    answers: int
    median: float
    slowest: float


def _anything(_answer: object) -> bool:
    return True


def shortened(answer: object) -> str:
    """The answer in a line, whatever it does when it is printed."""
    try:
        return " ".join(repr(answer).split())[:120]
    except Exception as error:
        return f"(cannot be printed: {type(error).__name__})"


@dataclass
class Guard:
    """Asks plugins of one `PluginHost`; keeps what went wrong until somebody takes it (`take_troubles`). `items` has those
    of the frameworks that were asked already, `took` the seconds of each plugin's last answers."""

    host: PluginHost
    troubles: deque[Trouble] = field(default_factory=lambda: deque(maxlen=100))
    trace: list[Asked] | None = None
    seal: Seal = field(default_factory=Seal)
    _read: dict[tuple[str, str, int], tuple[object, Any]] = field(default_factory=dict)
    items: dict[str, tuple[FrameworkItem, ...]] = field(default_factory=dict)
    decks: dict[str, tuple[ScenarioCard, ...]] = field(default_factory=dict)
    took: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(lambda: deque(maxlen=RECENT)))
    _silent: dict[str, set[str]] = field(default_factory=dict)
    _waited: dict[str, tuple[float, float]] = field(default_factory=dict)
    _resting: dict[str, float] = field(default_factory=dict)

    def call(
        self,
        plugin: str,
        place: str,
        ask: Callable[..., T],
        *args: object,
        fits: Callable[[object], bool] = _anything,
        waited_for: bool = True,
        hears_people: bool = False,
    ) -> T:
        """`ask(*args)`; whatever a plugin throws, or answers that does not fit, becomes a recorded `PluginFault`.

        One that does not come back is interrupted (`budget.py`), and then rests. A slow answer is noted only when
        somebody waits for it: not at start-up, not from the outbox. Where a plugin hears names, what people wrote or did,
        or one organization's settings (`hears_people`), its error's own words are not kept: they may repeat that, and
        faults are read by every organization that uses the plugin.
        """
        if waited_for and self._resting and self._rests(plugin):
            raise PluginFault(f"{plugin}, {place}: it is left out for a minute.")
        started = time.perf_counter()
        run = watcher.begin(PATIENCE if waited_for else LONG_PATIENCE)
        try:
            try:
                answer = ask(*args)
                usable = fits(answer)
            finally:
                watcher.end(run)
        except BaseException as error:
            watcher.end(run)
            if isinstance(error, KeyboardInterrupt) and current_thread() is main_thread():
                raise  # somebody stops the host; in any other thread only the plugin can have raised it
            if waited_for:
                self._is_enough(plugin, time.perf_counter() - started)
            if self.trace is not None:
                self.trace.append(Asked(plugin, place, (time.perf_counter() - started) * 1000, described(error)))
            raise self.fault(plugin, place, where_raised(error) if hears_people else described(error)) from error
        took = time.perf_counter() - started
        if self.trace is not None:
            self.trace.append(Asked(plugin, place, took * 1000, shortened(answer)))
        if waited_for:
            self.took[plugin].append(took)
            if took > SLOW_SECONDS:
                enough = self._is_enough(plugin, took)
                self.troubles.append(Trouble(plugin, place, LEFT_OUT if enough else SLOW))
        if not usable:
            raise self.fault(
                plugin, place, f"It answered with a {type(answer).__name__} that is not what was asked for."
            )
        if self._silent and plugin in self._silent:
            self._silent[plugin].discard(place)
        return answer

    def is_silent(self, plugin: str) -> bool:
        """True where the last question at some place of the plugin got no answer, in this process."""
        return bool(self._silent.get(plugin))

    def fault(self, plugin: str, place: str, message: str) -> PluginFault:
        self._silent.setdefault(plugin, set()).add(place)
        self.troubles.append(Trouble(plugin, place, message))
        log.warning("plugin %s at %s: %s", plugin, place, message)
        return PluginFault(f"{plugin}, {place}: {message}")

    def _is_enough(self, plugin: str, took: float) -> bool:
        """True where people have waited long enough for a plugin: it rests from now on."""
        if took <= SLOW_SECONDS:
            return False
        now = time.perf_counter()
        since, waited = self._waited.get(plugin, (now, 0.0))
        if now - since > REST:
            since, waited = now, 0.0
        self._waited[plugin] = since, waited + took
        if waited + took < ENOUGH:
            return False
        self._resting[plugin] = now + REST
        return True

    def _rests(self, plugin: str) -> bool:
        until = self._resting.get(plugin)
        if until is None or time.perf_counter() < until:
            return until is not None
        self._resting.pop(plugin, None)
        self._waited.pop(plugin, None)
        return False

    def pace(self, plugin: str) -> Pace | None:
        """Of the last answers in this process; None where nobody has waited for one yet."""
        took = sorted(self.took.get(plugin, ()))
        return Pace(len(took), took[len(took) // 2], took[-1]) if took else None

    def take_troubles(self) -> list[Trouble]:
        taken = []
        while self.troubles:
            taken.append(self.troubles.popleft())
        return taken

    # -- homework -----------------------------------------------------------------------------------------

    def activity_type(self, kind: str) -> GuardedActivityType:
        """The kind of homework `kind`, or a stand-in that asks for plain text when no plugin provides it."""
        return GuardedActivityType(self, kind, self.host.provided("activity_types", kind))

    def homework(self, course: Course, activity: Activity) -> GuardedActivityType:
        """The kind of this activity. Whether its answers are read stays as it was when the course was frozen."""
        read = None if course.unread is None else activity.id not in course.unread
        return GuardedActivityType(self, activity.kind, self.host.provided("activity_types", activity.kind), read)

    # -- attendance ---------------------------------------------------------------------------------------

    def policy(self, rule: Rule) -> Provided | None:
        """The policy in the version that the rule is stamped with; None where no plugin provides that one."""
        return self.host.policy_version(rule.policy, rule.version)

    def attendance_rule(self, rule: Rule, names: Mapping[str, Text]) -> Text:
        """The rule in words; a sentence that the trainer decides where the policy cannot say."""
        provided = self.policy(rule)
        if provided is not None:
            try:
                parsed = self.read_options(provided, rule.options)
                place = f"{rule.policy}.rule"
                ask = provided.provider.rule
                words: Text = self.call(provided.plugin.name, place, ask, parsed, names, fits=answers.is_text)
                return words
            except PluginFault:
                pass
        return Text("Your trainer decides about attendance.", "L'équipe de formation décide des présences.")

    def judge_attendance(self, rule: Rule, ledger: Ledger, outcomes: Iterable[str]) -> dict[str, Verdict]:
        """The verdict of the policy for each outcome; `unknown` where it cannot answer."""
        provided = self.policy(rule)
        if provided is None:
            return dict.fromkeys(outcomes, Verdict(VerdictStatus.UNKNOWN, TRAINER_CHECKS))
        try:
            parsed = self.read_options(provided, rule.options)
        except PluginFault:
            return dict.fromkeys(outcomes, Verdict(VerdictStatus.UNKNOWN, TRAINER_CHECKS))
        # A ledger of its own: what a policy does to it, against the rules, reaches no other policy.
        own = replace(ledger)
        return {outcome: self._judge(provided, own, outcome, parsed) for outcome in outcomes}

    def make_ups(self, rule: Rule, ledger: Ledger, meeting: Meeting) -> tuple[MakeUp, ...]:
        """The policy's ways to catch up `meeting`; none where it cannot say."""
        provided = self.policy(rule)
        if provided is None:
            return ()
        try:
            parsed = self.read_options(provided, rule.options)
            ways: tuple[MakeUp, ...] = self.call(
                provided.plugin.name,
                f"{rule.policy}.make_ups",
                provided.provider.make_ups,
                ledger,
                meeting,
                parsed,
                fits=answers.are_make_ups,
                hears_people=True,
            )
        except PluginFault:
            return ()
        return ways

    def statuses(self, rule: Rule) -> tuple[AttendanceStatus, ...]:
        """The policy's own statuses, as they were checked when it was loaded; none where it is gone."""
        provided = self.policy(rule)
        return provided.provider.statuses if provided else ()

    def _judge(self, provided: Provided, ledger: Ledger, outcome: str, options: Any) -> Verdict:
        place = f"{provided.provider.name}.judge"
        try:
            judge = provided.provider.judge
            verdict: Verdict = self.call(
                provided.plugin.name, place, judge, ledger, outcome, options, fits=answers.is_verdict, hears_people=True
            )
        except PluginFault:
            return Verdict(VerdictStatus.UNKNOWN, TRAINER_CHECKS)
        return verdict

    def read_options(self, provided: Provided, options: Mapping[str, Any]) -> Any:
        """The options as the provider's model; read once for each mapping, which courses keep in memory."""
        if provided.provider.options is NoOptions and not options:
            return NoOptions()
        key = (provided.provider.name, provided.provider.version, id(options))
        known = self._read.get(key)
        if known is None or known[0] is not options:
            place = f"{provided.provider.name}.options"
            read = self.call(provided.plugin.name, place, provided.provider.read_options, options)
            if len(self._read) > MAX_OPTIONS:
                self._read.clear()
            known = self._read[key] = (options, read)
        return known[1]

    # -- answering homework -------------------------------------------------------------------------------

    def feedback_starters(self, enabled: Collection[str]) -> list[tuple[Text, tuple[FeedbackStarter, ...]]]:
        """Label and starters of each provider: of the built-ins, and of the plugins in `enabled`. One that cannot answer
        is left out."""
        found = []
        for provided in self.host.providers["feedback_starters"].values():
            if not provided.plugin.built_in and provided.plugin.name not in enabled:
                continue
            place = f"{provided.provider.name}.starters"
            try:
                starters = self.call(
                    provided.plugin.name,
                    place,
                    lambda p=provided: tuple(islice(p.provider.starters(), answers.MAX_STARTERS + 1)),
                    fits=answers.are_starters,
                )
            except PluginFault:
                continue
            found.append((provided.provider.label, starters))
        return found

    # -- certificates and events --------------------------------------------------------------------------

    def issue(self, issuer: str, award: Award, settings: Mapping[str, Any]) -> tuple[Document, ...]:
        """The documents of the issuer. Raises PluginFault: the outbox tries again, the award stands meanwhile."""
        provided = self.host.provided("certificate_issuers", issuer)
        if provided is None:
            raise PluginFault(f"No plugin provides the certificate issuer '{issuer}'.")
        place = f"{issuer}.issue"
        values = self.own_settings(provided.plugin, settings)
        return self.call(
            provided.plugin.name,
            place,
            lambda: tuple(islice(provided.provider.issue(award, values), answers.MAX_PAPERS + 1)),
            fits=answers.are_documents,
            waited_for=False,
            hears_people=True,
        )

    def tell(self, plugin: str, hook: str, event: Event, settings: Mapping[str, Any], store: Store) -> None:
        """Tell one plugin what happened. Raises PluginFault: the outbox tries again."""
        listener = self.host.listener(plugin, hook)
        if listener is not None:
            own = self.own_settings(self.host.plugins[plugin], settings)
            parameters = {"event": event, "settings": own, "store": store}
            asked = inspect.signature(listener).parameters
            told = {name: value for name, value in parameters.items() if name in asked}
            self.call(plugin, hook, lambda: listener(**told), waited_for=False, hears_people=True)

    def own_settings(self, plugin: Plugin, settings: Mapping[str, Any]) -> Any:
        """An organization's settings as the plugin's model. Raises PluginFault."""
        assert plugin.about is not None
        model = plugin.about.settings
        try:
            opened = self.seal.open_all(model, settings)
        except CannotOpen as why:
            raise self.fault(plugin.name, "settings", str(why)) from None
        return self.call(plugin.name, "settings", model.model_validate_json, json.dumps(opened), hears_people=True)
