"""Plugins that ship with the host. They use the public door and nothing else, and are the first examples of it."""
