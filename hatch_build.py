"""The wheel holds compiled translations and the browser's libraries: whoever installs it needs neither gettext, npm nor this checkout."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import polib
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Words(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        for source in Path(self.root, "siqian", "locale").glob("*/LC_MESSAGES/*.po"):
            polib.pofile(str(source)).save_as_mofile(str(source.with_suffix(".mo")))
        brought = subprocess.run([sys.executable, str(Path(self.root, "bin", "browser-libraries"))], check=False)
        if brought.returncode:
            raise SystemExit("The wheel holds the map's libraries, and they could not be fetched (see above).")
