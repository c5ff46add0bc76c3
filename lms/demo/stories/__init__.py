"""The stories, the main one first: whoever comes in meets Northside, and may look at the others."""

from __future__ import annotations

from lms.demo.stories import deux_rives, harbourlight, northside, rowanstreet, tidewater
from lms.demo.story import Door
from lms.plugin_api.values import Text

STORIES = (northside.STORY, deux_rives.STORY, harbourlight.STORY, rowanstreet.STORY, tidewater.STORY)

NOOR = Door(
    "host",
    "host@learning.example",
    Text("Noor, who runs the host", "Noor, qui exploite la plateforme"),
    Text("All plugins, with their state.", "Tous les modules d'extension et leur état."),
    "key",
)
# Those of the front page, and those that stand under their organizations.
MAIN_DOORS = (*northside.STORY.doors, *deux_rives.STORY.doors, NOOR)
OTHERS = (harbourlight.STORY, rowanstreet.STORY, tidewater.STORY)
DOORS = (*MAIN_DOORS, *(door for story in OTHERS for door in story.doors))
