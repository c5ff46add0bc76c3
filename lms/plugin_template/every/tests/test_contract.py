"""What every plugin keeps, checked without a host, a web server or a database."""

from __future__ import annotations

import lms_kittiwake

from lms.plugin_api.testing import check_plugin


def test_the_plugin_keeps_what_it_promises() -> None:
    check_plugin(lms_kittiwake)
