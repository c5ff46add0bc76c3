"""The form of an attendance rule: drawn from what the policy's options declare, and read back into checked values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError

from lms.features.attendance.queries import attendance_outcomes
from lms.features.organizations.settings_form import SettingField, fields_as_typed, fields_of, sentences_of
from lms.host.errors import Incomplete
from lms.host.guard import Guard, PluginFault
from lms.host.i18n import in_language
from lms.host.i18n import lazy_gettext as _l
from lms.host.plugins import Provided
from lms.plugin_api.content import AttendanceChoice, Course, Outcome

Typed = Mapping[str, list[str]]
FLAT = (str, int, float, bool)
NO_ANSWER = _l("The plugin of this rule gives no answer at the moment. Nothing was changed.")


@dataclass(frozen=True)
class Cell:
    """One tick (`value` True or False) or one number (`value` as typed) of a table."""

    name: str
    label: str
    value: Any
    sent: str = ""


@dataclass(frozen=True)
class RuleField:
    """One option. "flat": `setting` draws it. "grid": for each outcome a tick for each module. "numbers": a number for each
    module. "fixed": it cannot be drawn, and stays as `setting.value` has it."""

    setting: SettingField
    kind: Literal["flat", "grid", "numbers", "fixed"]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...] = ()

    @property
    def name(self) -> str:
        return self.setting.name


def _kind(annotation: Any) -> Literal["flat", "grid", "numbers", "fixed"]:
    inner = [part for part in get_args(annotation) if part is not type(None)]
    if annotation in FLAT or get_origin(annotation) is Literal:
        return "flat"
    origin = get_origin(annotation)
    if isinstance(origin, type) and issubclass(origin, Mapping) and len(inner) == 2:
        if get_args(inner[1])[:1] == (str,) and get_origin(inner[1]) in (tuple, list):
            return "grid"
        return "numbers" if _bare(inner[1]) in (int, float) else "fixed"
    if origin in (tuple, list):
        return "flat" if any(get_origin(part) is Literal for part in inner) else "fixed"
    return "flat" if inner and all(_bare(part) in FLAT for part in inner) else "fixed"


def _bare(annotation: Any) -> Any:
    """`Annotated[int, ...]` as int."""
    return get_args(annotation)[0] if hasattr(annotation, "__metadata__") else annotation


def rule_fields(
    guard: Guard, policy: Provided, course: Course, values: Mapping[str, Any], typed: Typed | None = None
) -> list[RuleField]:
    """The options of a policy with the values in force, or as they were typed. Raises PluginFault."""
    model = policy.provider.options

    def draw() -> list[RuleField]:
        flat = fields_of(model, values) if typed is None else fields_as_typed(model, typed, values)
        kinds = [_kind(info.annotation) for info in model.model_fields.values()]
        drawn = [_drawn(field, kind, course, values, typed) for field, kind in zip(flat, kinds, strict=True)]
        return sorted(drawn, key=lambda field: not field.setting.required)

    return guard.call(policy.plugin.name, f"{policy.provider.name}.options", draw)


def _drawn(field: SettingField, kind: Any, course: Course, values: Mapping[str, Any], typed: Typed | None) -> RuleField:
    stored = values.get(field.name, {})
    if kind == "grid":
        rows = tuple(
            (in_language(o.title), _ticks(field.name, o.id, course, stored, typed)) for o in _needing(course, stored)
        )
        return RuleField(field, "grid", rows)
    if kind == "numbers":
        cells = []
        for module in course.modules:
            name = f"{field.name}:{module.id}"
            value = stored.get(module.id, "") if typed is None else next(iter(typed.get(name, [])), "")
            cells.append(Cell(name, in_language(module.title), value))
        return RuleField(field, "numbers", (("", tuple(cells)),))
    return RuleField(field, kind)


def _needing(course: Course, stored: Mapping[str, Any]) -> list[Outcome]:
    """The outcomes that need attendance, and those that stand in the option already."""
    needing = attendance_outcomes(course)
    return [outcome for outcome in course.outcomes if outcome.id in needing or outcome.id in stored]


def _ticks(option: str, outcome: str, course: Course, stored: Any, typed: Typed | None) -> tuple[Cell, ...]:
    name = f"{option}:{outcome}"
    ticked = stored.get(outcome, ()) if typed is None else typed.get(name, [])
    return tuple(Cell(name, in_language(m.title), m.id in ticked, m.id) for m in course.modules)


def read_rule(
    guard: Guard, policy: Provided, course: Course, values: Mapping[str, Any], typed: Typed
) -> AttendanceChoice:
    """The rule as typed, checked by the policy. Options that cannot be drawn stay as in `values`.

    Raises Incomplete with a sentence for each option that is not right, or for the whole where the plugin cannot answer.
    """
    name = policy.provider.name
    try:
        fields = rule_fields(guard, policy, course, values)
        given = {field.name: value for field in fields if (value := _given(field, course, values, typed)) is not None}
        read, refused = guard.call(policy.plugin.name, f"{name}.options", _asked(policy.provider.options, given))
        if refused is not None:
            raise Incomplete(sentences_of(refused, {field.name: field.setting.label for field in fields}))
        found = _checked(guard, policy, course, read)
        options = guard.call(
            policy.plugin.name, f"{name}.options", lambda: read.model_dump(mode="json", exclude_defaults=True)
        )
    except PluginFault as fault:
        raise Incomplete({"policy": NO_ANSWER}) from fault
    if found:
        raise Incomplete(_beside(found, [field.name for field in fields]))
    return AttendanceChoice(policy=name, options=options)


def faults_in(guard: Guard, policy: Provided, course: Course, options: Mapping[str, Any]) -> list[str]:
    """Sentences about a rule that was chosen before: whether it still fits the policy and the course."""
    name = policy.provider.name
    try:
        read = guard.call(policy.plugin.name, f"{name}.options", policy.provider.read_options, options)
        return _checked(guard, policy, course, read)
    except PluginFault:
        return [str(NO_ANSWER)]


def _checked(guard: Guard, policy: Provided, course: Course, read: Any) -> list[str]:
    modules, outcomes = [module.id for module in course.modules], [outcome.id for outcome in course.outcomes]
    return guard.call(
        policy.plugin.name,
        f"{policy.provider.name}.check",
        lambda: [str(sentence) for sentence in policy.provider.check(read, modules, outcomes)],
    )


def _asked(model: type[BaseModel], given: Mapping[str, Any]) -> Any:
    def ask() -> tuple[Any, ValidationError | None]:
        try:
            # Typed text becomes numbers here; the model is strict only about what course files say.
            return model.model_validate(given, strict=False), None
        except ValidationError as error:
            return None, error

    return ask


def _given(field: RuleField, course: Course, values: Mapping[str, Any], typed: Typed) -> Any:
    """What was typed for one option; None where nothing was."""
    name, texts = field.name, [text.strip() for text in typed.get(field.name, [])]
    if field.kind == "fixed":
        return values.get(name)
    if field.kind == "grid":
        ticked = {o.id: tuple(typed.get(f"{name}:{o.id}", ())) for o in course.outcomes}
        return {outcome: modules for outcome, modules in ticked.items() if modules}
    if field.kind == "numbers":
        numbers = {m.id: next(iter(typed.get(f"{name}:{m.id}", ())), "").strip() for m in course.modules}
        return {module: number for module, number in numbers.items() if number}
    if field.setting.kind == "tick":
        return bool(texts)
    if field.setting.kind == "choices":
        return tuple(texts)
    return texts[0] if texts and texts[0] else None


def _beside(sentences: list[str], names: list[str]) -> dict[str, str]:
    """Each sentence beside the option that it names; else beside the policy."""
    found: dict[str, str] = {}
    for sentence in sentences:
        name = next((name for name in names if name in sentence), "policy")
        found[name] = f"{found[name]} {sentence}" if name in found else sentence
    return found
