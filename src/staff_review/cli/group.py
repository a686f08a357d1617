"""The group of all commands: `check` unless another is named, each imported when it is asked for."""

from __future__ import annotations

import importlib

import click
from click.shell_completion import CompletionItem

from .. import __version__

_COMMANDS = {
    "check": "check",
    "rule": "rules",
    "rules": "rules",
    "why": "why",
    "map": "map:map_",
    "baseline": "baseline",
    "config": "config",
    "init": "init",
    "new-rule": "new_rule",
    "prove": "prove",
    "persona": "persona",
    "comment": "comment",
}
"""Commands by name, in the order of the help screen, and the module of each; after a colon its name there."""
_EXIT_CODES = """Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 a mistake in the request, 3 a fault of
staff-review itself. A path that is named like a command is written with its folder: ./rule."""


class _CheckByDefault(click.Group):
    """`staff-review src` means `staff-review check src`, and the first help screen shows the options of check."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        found = getattr(importlib.import_module(f"{__package__}.{module}"), name or cmd_name.replace("-", "_"))
        return found if isinstance(found, click.Command) else None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args:
            args = ["--help"]
        elif args[0] not in (*_COMMANDS, "--help", "-h", "--version"):
            args = ["check", *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands, what `check` takes, and files."""
        check = self.get_command(ctx, "check")
        more = check.shell_complete(click.Context(check), incomplete) if check is not None else []
        files = [] if incomplete.startswith("-") else [CompletionItem(incomplete, type="file")]
        return [*super().shell_complete(ctx, incomplete), *more, *files]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.format_commands(ctx, formatter)
        check = self.get_command(ctx, "check")
        shown = (*(check.params if check is not None else ()), *self.get_params(ctx))
        with formatter.section("Options"):
            formatter.write_dl(
                [
                    record
                    for option in shown
                    if isinstance(option, click.Option) and (record := option.get_help_record(ctx))
                ]
            )


@click.group(
    cls=_CheckByDefault,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_EXIT_CODES,
    subcommand_metavar="[check] PATHS... | COMMAND",
)
@click.version_option(__version__, "--version", message="staff-review %(version)s")
def staff_review() -> None:
    """Find what takes distributed systems down: calls without a limit, retries without end, blocked event loops."""
