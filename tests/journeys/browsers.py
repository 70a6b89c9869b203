"""Which Chromium the journeys walk in: the shell without windows where Debian's package is there, since it takes half the time."""

from pathlib import Path

SHELL = Path("/usr/bin/chromium-headless-shell")
PROGRAM = str(SHELL) if SHELL.exists() else "/usr/bin/chromium"
# Pages are drawn without the software GPU, which takes longer than all the rest; maps still get it for their WebGL.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader", "--disable-background-networking", "--disable-extensions"]
