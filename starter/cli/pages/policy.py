"""What policies look like in a terminal: the list, one policy in sections, what differs.

Drawing: texts from a file become plain `Text`, never markup.
"""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from domain.compiled_terms import policy_digest
from domain.policy import LevelRule, SupportPolicy
from policies import Value
from policies.values import NO_COMMITMENT, promise
from starter.cli.pages.parts import heading, of_rank, plain, table
from starter.door.plain import counted
from starter.door.policy_rows import Difference, PolicyRow
from starter.door.policy_sections import alike, asked_of_customers, headed, sections


def policies_table(rows: Sequence[PolicyRow]) -> RenderableType:
    """List policies; of one with errors, how many."""
    found = table("name", "version", "kept", "title", "extends", "levels", "from", "digest")
    for column in found.columns[:3]:
        column.no_wrap = True
    for row in rows:
        if row.errors:
            wrong = Text(counted(len(row.errors), "error"), style="bold red")
            found.add_row(plain(row.name, "bold"), "-", _listed(row.versions), wrong, "", "", row.origin, "")
            continue
        words = (row.title, row.extends, " ".join(row.levels))
        found.add_row(
            plain(row.name, "bold"),
            plain(row.version),
            _listed(row.versions),
            *map(plain, words),
            row.origin,
            plain(row.digest, "dim"),
        )
    return found


def policy_page(policy: SupportPolicy, plans: Sequence[str]) -> RenderableType:
    """Show one policy: the promises first, then section by section every value that was written."""
    parts: list[RenderableType] = [_head(policy, headed(policy, plans))]
    for group in alike(policy, plans):
        parts += [heading(f"Promises under {', '.join(group)}"), _promises(policy, group[0])]
    for title, prefix, rows in sections(policy, plans):
        parts += [heading(title), _values(rows, prefix)]
    return Group(*parts, Text("\nWhat is not shown is the product's default; -o json shows it.", style="dim"))


def _head(policy: SupportPolicy, told: Sequence[Value]) -> RenderableType:
    head = plain(policy.title, "bold").append_text(plain(f"  {policy.name}@{policy.version}"))
    if policy.extends:
        head.append_text(plain(f"  extends {policy.extends}"))
    head.append_text(plain(f"  digest {policy_digest(policy)}", "dim"))
    return Group(head, _values(told, ""))


def _promises(policy: SupportPolicy, plan: str) -> RenderableType:
    found = table("level", "name", "initial response", "updates to the customer", "updates from the customer")
    for level in policy.rules.levels:
        found.add_row(
            of_rank(level.id, level.rank),
            plain(level.name),
            _marked(promise(policy, plan, level.id, "initial_response")),
            _marked(promise(policy, plan, level.id, "update_every")),
            _from_customer(policy, plan, level),
        )
    return found


def _from_customer(policy: SupportPolicy, plan: str, level: LevelRule) -> Text:
    asked = asked_of_customers(policy, plan, level.id)
    return _marked(asked) if asked else Text("-", style="dim")


def _marked(value: Value) -> Text:
    words = plain(value.words, "dim" if value.words == NO_COMMITMENT else "bold")
    return words.append_text(plain(f"\n{value.mark}", "dim")) if value.mark else words


def _values(rows: Sequence[Value], prefix: str) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", overflow="fold", max_width=50)
    grid.add_column(overflow="fold", ratio=2)
    grid.add_column(overflow="fold", style="dim", max_width=50)
    for row in rows:
        label = row.path.removeprefix(prefix).removeprefix(".") or prefix
        grid.add_row(plain(f"  {label}"), plain(row.words), plain(row.mark or "no mark"))
    return grid


def difference_page(a: SupportPolicy, b: SupportPolicy, found: Difference) -> RenderableType:
    """Show two policies side by side where they are not the same."""
    labels = [f"{policy.name}@{policy.version}" for policy in (a, b)]
    parts: list[RenderableType] = []
    if found.different:
        sides = table("value", *labels)
        for one, other in found.different:
            sides.add_row(plain(one.path), plain(one.words), plain(other.words))
        parts += [heading("Different"), sides]
    for label, values in zip(labels, (found.only_in_a, found.only_in_b), strict=True):
        if values:
            only = table("value", label)
            for value in values:
                only.add_row(plain(value.path), plain(value.words))
            parts += [heading(f"Only in {label}"), only]
    return Group(*parts)


def _listed(words: Sequence[str]) -> Text:
    return plain(" ".join(words))
