"""A file of engineers: TOML `[[engineers]]`, a JSON list, or a JSON object with `engineers`."""

from collections.abc import Collection, Iterator

from activities.addresses import AddressInvalid, address_of
from domain.centres.rota import Engineer
from starter.imports.record_file import Item, RecordFile, Wrong, numbered, of_json, of_toml, unknown_zone

MAX_BYTES = 5 * 1024 * 1024
_LISTED = "engineers"
_EXAMPLE = "see docs/regions.md for an example"


def read_engineers(name: str, regions: Collection[str]) -> tuple[Engineer, ...]:
    """Read a file, or standard input as JSON for `-`, of people in these regions. Raises: Fault."""

    def unknown_region(plain: object) -> Iterator[Wrong]:
        """Say so of a region that is a text and yet nobody's, whatever else is wrong (RHIPE-22)."""
        region = plain.get("region") if isinstance(plain, dict) else None
        if isinstance(region, str) and region not in regions:
            reason = f"no policy has this region; known are {', '.join(sorted(regions))}"
            yield Wrong("region", reason, "RegionUnknown")

    return RecordFile(
        record="engineer",
        name="name",
        model=Engineer,
        most=MAX_BYTES,
        take_apart=_items,
        before=unknown_region,
        after=_unknown_place,
        forms=_EXAMPLE,
        nobody="there is nobody in it",
        example=_EXAMPLE,
        code="ValidationError",
    ).read(name)


def _items(text: str, is_toml: bool) -> Iterator[Item]:
    if is_toml:
        return numbered(of_toml(text, _LISTED))
    document = of_json(text)
    found = document.get(_LISTED) if isinstance(document, dict) and set(document) == {_LISTED} else document
    if not isinstance(found, list):
        raise ValueError(f"it is neither a list nor an object with {_LISTED} and nothing else")
    return numbered(found)


def _unknown_place(engineer: Engineer) -> Iterator[Wrong]:
    if engineer.zone is not None:
        yield from unknown_zone("zone", engineer.zone)
    if engineer.address is not None:
        try:
            address_of(engineer.address)
        except AddressInvalid as error:
            yield Wrong("address", str(error))
