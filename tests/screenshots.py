"""The pictures in docs/ of a report, as `make docs` takes them: laptop and phone, light and dark."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

DOCS = Path(__file__).parents[1] / "docs"
SIZES = {"laptop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
SHOWN = {  # what of the report is in the picture
    ("laptop", "light"): ".story",
    ("laptop", "dark"): "figure:has(svg[aria-label^='Chart: when'])",
    ("phone", "light"): ".story",
    ("phone", "dark"): ".claim",
}


def main(report: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for (device, scheme), part in SHOWN.items():
            page = browser.new_page(viewport=SIZES[device], color_scheme=scheme)
            page.goto(report.resolve().as_uri())
            page.locator(part).first.evaluate("part => part.scrollIntoView({behavior: 'instant'})")
            page.screenshot(path=DOCS / f"report-{device}-{scheme}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
