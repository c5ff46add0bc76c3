"""Plugins bring starters; one that cannot answer is left out, and nobody's page waits for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lms.host.guard import Guard
from lms.host.plugins import PluginHost
from lms.plugin_api import FeedbackStarter, Starters, Text
from tests.host.small_plugins import providing

MakePluginHost = Callable[..., PluginHost]
GARDEN = FeedbackStarter(en="The tomatoes ...", fr="Les tomates ...")


class Garden(Starters):
    name = "garden"
    label = Text("Garden", "Jardin")

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def starters(self) -> Any:
        return self.answer()


def labels(guard: Guard, *enabled: str) -> list[str]:
    return [label.en for label, _starters in guard.feedback_starters(enabled)]


def test_they_are_offered_where_the_plugin_is_turned_on(plugin_host: MakePluginHost) -> None:
    guard = Guard(plugin_host(providing("garden", "feedback_starters", Garden(lambda: [GARDEN]))))
    assert labels(guard) == ["For any text"]
    assert labels(guard, "garden") == ["For any text", "Garden"]
    assert guard.feedback_starters(["garden"])[1][1] == (GARDEN,)


def fall_over() -> None:
    raise RuntimeError("the hose burst")


@pytest.mark.parametrize(
    "answer",
    [
        fall_over,
        lambda: None,
        lambda: ["a tomato"],
        lambda: [FeedbackStarter(en=" ", fr="x")],
        lambda: [GARDEN] * 201,
    ],
)
def test_one_that_cannot_answer_is_left_out_and_recorded(plugin_host: MakePluginHost, answer: Any) -> None:
    guard = Guard(plugin_host(providing("garden", "feedback_starters", Garden(answer))))
    assert labels(guard, "garden") == ["For any text"]
    assert [trouble.place for trouble in guard.take_troubles()] == ["garden.starters"]
