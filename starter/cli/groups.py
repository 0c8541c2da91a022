"""Groups of commands: which command is meant where none is named, and the first page of help."""

import textwrap
from typing import Any

from typer._click.core import iter_params_for_processing
from typer._click.exceptions import UsageError
from typer.core import TyperCommand, TyperGroup

HELP = "help"
_ALL = "--all"
_NAME = 10  # columns
_NOUNS = "Nouns, each with commands of its own (sunrelay NOUN --help):"


def first_unless_told(default: str) -> type[TyperGroup]:
    """Return a group in which this command is meant where no other is named: `sunrelay rota` lists."""

    class Group(TyperGroup):
        def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
            """Put the missing word in."""
            is_told = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
            return super().parse_args(ctx, args if is_told else [default, *args])

    return Group


class AllAtOnce(TyperCommand):
    """A command that tells all that is wrong with what was typed, not the first of it alone."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read what was typed. Raises: UsageError."""
        try:
            return super().parse_args(ctx, list(args))
        except UsageError:
            wrong = self._wrong(ctx, args)
            if len(wrong) < 2:
                raise
        raise UsageError("\n".join(wrong), ctx)

    def _wrong(self, ctx: Any, args: list[str]) -> list[str]:
        """Read each parameter by itself. Raises: UsageError for what is no parameter at all."""
        given, _, order = self.make_parser(ctx).parse_args(args=list(args))
        found = []
        for param in iter_params_for_processing(order, self.get_params(ctx)):
            try:
                param.handle_parse_result(ctx, given, [])
            except UsageError as error:
                found.append(error.format_message())
        return found


class FirstPage(TyperGroup):
    """The command itself: its help fits one screen, `--help --all` shows every command there is."""

    shows_all = False

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """See whether everything is to be shown; `help COMMAND` is `COMMAND --help`."""
        if args[:1] == [HELP]:
            args = [*args[1:], "--help"]
        if _ALL in args and any(name in args for name in ctx.help_option_names):
            self.shows_all = True
            args = [one for one in args if one != _ALL]
        return super().parse_args(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write one screen, or everything."""
        if self.shows_all:
            for command in self.commands.values():
                command.hidden = False
            super().format_help(ctx, formatter)
            return
        formatter.write("\n".join(self._one_screen()))

    def _one_screen(self) -> list[str]:
        """Return at most 24 lines of at most 80 columns."""
        nouns = sorted(name for name, one in self.commands.items() if isinstance(one, TyperGroup))
        return [
            f"sunrelay COMMAND ...   {self.help}",
            "",
            *(self._line(name, one) for name, one in self.commands.items() if _is_everyday(one)),
            "",
            *textwrap.wrap(f"{_NOUNS} {' '.join(nouns)}", 80, subsequent_indent="  "),
            "help COMMAND explains a command, help --all shows every one, --version this one.",
            *(self.epilog or "").splitlines(),
        ]

    @staticmethod
    def _line(name: str, command: Any) -> str:
        says = textwrap.shorten(command.get_short_help_str(200).rstrip("."), 76 - _NAME, placeholder=" …")
        return f"  {name:{_NAME}}{says}"


def _is_everyday(command: Any) -> bool:
    return not command.hidden and not isinstance(command, TyperGroup)
