"""The demo: an invented spring group with a story, and a door for each role. Never for real people."""
