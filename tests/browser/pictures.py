"""`make pictures`: what a working board looks like, drawn anew from a desk that runs.

`python -m tests.browser.pictures DIRECTORY` draws every page there, by day and by night, wide and narrow.
"""

import json
import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from PIL import Image

from tests.browser.chromium import NoChromium, chromium
from tests.browser.places import AWAY, OF_A_MANAGER, OF_NOBODY, OF_SOMEBODY, Scene, place
from tests.browser.shift import P1, P1_RESPONSE, Shift, shift_on

_HERE = Path(__file__).parents[2] / "docs" / "pictures"
_WIDE, _NARROW = 1280, 360  # px
_TALL = 2000  # px at most, so that a long page stays readable and small
_COLOURS = 256  # what a palette can have
_ROTA = [
    {"name": "Ana Reyes", "region": "sydney", "tier": "L2"},
    {"name": "Liv Berg", "region": "sydney"},
    {"name": "Jun Santos", "region": "manila"},
    {"name": "Maria Cruz", "region": "manila"},
]
_P3, _P4, _P5 = (("--impact", impact, "--urgency", "low") for impact in ("high", "medium", "low"))
_MANILA = ("--region", "manila", "--country", "PH", "--zone", "Asia/Manila", "--calendar", "PH")
_EXPLAINED = ("--explanation", "Since nine the sign-in page says that the certificate is not valid.")
_MORNING = (
    (
        "Nobody in the Sydney office can sign in",
        "Kestrel Logistics",
        timedelta(minutes=80),
        (*P1, *_EXPLAINED),
    ),
    (
        "Mail to customers bounces since the domain moved",
        "Bayside Clinics",
        P1_RESPONSE - timedelta(seconds=5),
        P1,
    ),
    (
        "Handheld scanners lose their connection whenever somebody walks from one hall into the other",
        "Harbour Foods",
        timedelta(minutes=50),
        (),
    ),
    ("Shared calendars show the meetings of yesterday", "Ng & Partners", timedelta(hours=3), ()),
    ("The payroll add-in does not load in Excel", "Luzon Freight", timedelta(hours=30), (*_P3, *_MANILA)),
    ("The signature lost its line breaks", "Kestrel Logistics", timedelta(hours=5), _P4),
    ("Which licence covers a shared mailbox?", "Wattle Press", timedelta(hours=1), _P5),
)
"""What comes in: title, company, how long ago, and what else is said."""


class Picture(NamedTuple):
    """One page, by day (`light`) or by night (`dark`), in a window so many pixels wide."""

    page: str
    scheme: str
    width: int

    @property
    def name(self) -> str:
        return f"{self.page}-{self.scheme}-{self.width}.png"


KEPT = (
    Picture("all", "light", _WIDE),
    Picture("all", "dark", _WIDE),
    Picture("all", "light", _NARROW),
    Picture("centre", "light", _WIDE),
    Picture("case", "light", _WIDE),
    Picture("case", "dark", _NARROW),
    Picture("letter", "light", _NARROW),
    Picture("why", "light", _NARROW),
)


def every() -> Iterator[Picture]:
    """Name every picture there can be."""
    for page in (*OF_NOBODY, *OF_SOMEBODY, *OF_A_MANAGER, AWAY):
        for scheme in ("light", "dark"):
            for width in (_WIDE, _NARROW):
                yield Picture(page, scheme, width)


def draw(wanted: tuple[Picture, ...], where: Path) -> None:
    """Open a desk, let a shift be played, and draw what is wanted. Raises: NoChromium."""
    where.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory() as home,
        chromium() as browser,
        shift_on(browser, Path(home), SUNRELAY_FOLLOW_THE_SUN="false") as shift,
    ):
        scene = _played(shift)
        for name in dict.fromkeys(one.page for one in wanted):
            with place(name, scene) as page:
                for one in (one for one in wanted if one.page == name):
                    page.emulate_media(color_scheme=one.scheme, reduced_motion="reduce")
                    page.set_viewport_size({"width": one.width, "height": 720})
                    _keep(page.screenshot(full_page=True), where / one.name)


def _keep(drawn: bytes, file: Path) -> None:
    picture = Image.open(BytesIO(drawn)).convert("RGB")
    seen = picture.crop((0, 0, picture.width, min(picture.height, _TALL)))
    common = sorted(seen.getcolors(seen.width * seen.height), reverse=True)[:_COLOURS]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in common for part in colour])
    seen.quantize(palette=palette, dither=Image.Dither.NONE).save(file, optimize=True)


def _played(shift: Shift) -> Scene:
    """Fill a desk with what a morning brings, and let Ana have gone on with one case."""
    rota = shift.home / "rota.json"
    rota.write_text(json.dumps(_ROTA), encoding="utf-8")
    shift.run("rota", "import", str(rota))
    for one in _ROTA[::2]:
        shift.run("checkin", one["name"])
    told, *_ = [shift.case(title, *_of(whose), *more, ago=ago) for title, whose, ago, more in _MORNING]
    ana = {"SUNRELAY_ACTOR_NAME": "Ana Reyes", "SUNRELAY_ACTOR_REGION": "sydney"}
    shift.settings |= ana
    shift.run("claim", told)
    shift.run("respond", told, "We have begun to look into it; sign-in by telephone number still works.")
    shift.run("note", told, "The certificate of the identity provider ended at nine.")
    shift.run("update", told, "The cause is known: a certificate has ended. A new one is being put in place.")
    thought, next_one = (
        "Its certificate ended at nine",
        "See that the new one is served, then close with Priya",
    )
    shift.run("handoff", "brief", told, "--hypothesis", thought, "--next-action", next_one)
    return Scene(shift, told)


def _of(company: str) -> tuple[str, ...]:
    domain = f"{company.split()[0].lower()}.example"
    return ("--tenant", company, "--company", company, "--domain", domain)


def main() -> int:
    """Draw what the documentation shows, or all of it into a directory that is named."""
    os.environ["SUNRELAY_DIGEST_SECONDS"] = "0"
    try:
        if sys.argv[1:]:
            draw(tuple(every()), Path(sys.argv[1]))
        else:
            draw(KEPT, _HERE)
    except NoChromium as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
