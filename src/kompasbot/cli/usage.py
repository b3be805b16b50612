"""Usage errors of the command line in Dutch: typer has them in English only."""

import re
from typing import Final

import typer

BAD_USAGE: Final = 2
_NO_CHOICE: Final = re.compile(r"is not one of (.*?)\.?$")
_NO_COMMAND: Final = re.compile(r"No such command '(.*?)'")


def explain(error: Exception) -> int:
    """Say what is wrong with a command that typer refused, and give its exit code.

    By the names of its errors: their classes are no part of typer's interface.
    """
    kind, context = type(error).__name__, getattr(error, "ctx", None)
    if kind == "NoArgsIsHelpError":
        typer.echo(context.get_help() if context else "", err=True)
        return BAD_USAGE
    typer.echo(f"Fout: {_what(kind, error)}", err=True)
    typer.echo(
        f"Wat je kunt doen: Kijk wat er kan: {context.command_path if context else 'kompasbot'} --help", err=True
    )
    return BAD_USAGE


def _what(kind: str, error: Exception) -> str:
    parameter, told = getattr(error, "param", None), error.format_message()  # type: ignore[attr-defined]
    name = parameter.get_error_hint() if parameter is not None else ""
    if kind == "NoSuchOption":
        alike = ", ".join(getattr(error, "possibilities", None) or ())
        return f"De optie '{getattr(error, 'option_name', '')}' is er niet.{f' Bedoel je {alike}?' if alike else ''}"
    if kind == "MissingParameter":
        return f"Er ontbreekt iets: {name}."
    if kind == "BadParameter":
        choices = _NO_CHOICE.search(told)
        return f"De waarde bij {name} kan niet.{f' Het kan zijn: {choices[1]}.' if choices else ''}"
    if kind == "BadOptionUsage":
        return f"Bij de optie '{getattr(error, 'option_name', '')}' hoort wel, of juist geen, waarde."
    command = _NO_COMMAND.search(told)
    if command:
        return f"De opdracht '{command[1]}' is er niet."
    return "Er staat te veel of te weinig achter deze opdracht."
