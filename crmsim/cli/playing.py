"""Calls on the terminal: one call turn by turn, many as a table, or a call in which one answers oneself."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import typer

from crmsim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from crmsim.phone.model import Node, Script

_FEELINGS = ("trust", "interest", "irritation")


def show_one(script: Script, people: pd.DataFrame, *, seed: int | None, language: str | None) -> None:
    """Print one answered call; without a seed, wait for Enter after each line of the agent."""
    from crmsim.phone.callee import call

    wait = seed is None and sys.stdin.isatty()
    calls = call(script, people, seed=seed or 0, script_language=language)
    answered = calls.results.index[calls.results["answered"]]
    if not len(answered):
        raise InputError("Nobody answered the telephone. Try another --seed.")
    customer = int(answered[0])
    person, result = people.loc[customer], calls.results.loc[customer]
    typer.echo(f"Customer {customer}: {person['name']}, stage {person['stage']}.")
    for row in calls.transcript(customer).to_dict("records"):
        _print_line(row)
        if wait and row["who"] == "agent" and typer.prompt("Enter", default="", show_default=False).strip() == "q":
            return
    typer.echo(
        f"{result['disposition']} after {result['seconds']:.0f} seconds; {result['hung_up_by']} hung up; "
        f"satisfaction {result['satisfaction_change']:+.2f}."
    )


def _print_line(row: dict[Any, Any]) -> None:
    who = {"agent": "Agent", "customer": "Customer"}[row["who"]]
    typer.echo(f"{who}: {row['text']}" + (f"  ({row['intent']})" if row["intent"] else ""))
    if row["who"] == "agent":
        typer.echo("    " + ", ".join(f"{name} {row[name]:.2f}" for name in _FEELINGS))
        if row["why"]:
            typer.echo(f"    {row['why']}")


def show_many(script: Script, people: pd.DataFrame, *, seed: int, language: str | None) -> None:
    """Print what came of many calls."""
    from crmsim.phone.callee import call

    found = call(script, people, seed=seed, script_language=language).results
    typer.echo(f"{len(found):,} dialled, {found['answered'].sum():,} answered.")
    counts = found["disposition"].value_counts()
    for name, n in counts.items():
        typer.echo(f"  {name:<12} {n:>7,} {n / len(found):>7.1%}")
    spoken = found[found["answered"]]
    if len(spoken):
        typer.echo(
            f"Of the answered calls: {spoken['seconds'].mean():.0f} seconds, agent's talk share "
            f"{spoken['talk_share'].mean():.0%}, satisfaction {spoken['satisfaction_change'].mean():+.3f}, "
            f"{spoken['opted_out'].sum():,} opted out, {spoken['complained'].sum():,} complained."
        )


def answer_yourself(script: Script, language: str) -> None:
    """Play the customer: read each line, choose an answer by its number or name."""
    from crmsim.phone.templates import fill
    from crmsim.phone.vocabulary import placeholders

    words = {name: entry.example(language) for name, entry in placeholders().items()}
    known = {"company": script.company, "agent": script.agent}
    words |= {name: text.spoken(language) for name, text in known.items() if text is not None}
    node: Node | None = script.first
    while node is not None:
        typer.echo(f"Agent: {fill(node.say.spoken(language), words)}")
        intent = _choice(language)
        reply = node.reply_to(intent) if intent else None
        if reply is None:
            typer.echo("The agent has no words for that." if intent else "You hung up.")
            return
        node, end = script.nodes_by_id.get(reply.to), script.ends_by_id.get(reply.to)
        if node is None and end is not None:
            typer.echo(f"Agent: {fill(end.say.spoken(language), words)}" if end.say else "The call is over.")
            typer.echo(f"Written down as: {end.disposition}.")


def _choice(language: str) -> str:
    """The intent that is chosen; empty when one leaves."""
    from crmsim.phone.vocabulary import intents

    names = list(intents())
    for number, intent in enumerate(intents().values(), start=1):
        typer.echo(f"  {number:>2} {intent.name:<20} {intent.says(language)[0]}")
    while True:
        try:
            said = typer.prompt("Your answer (number or name, q leaves)").strip()
        except typer.Abort:
            return ""
        if said == "q":
            return ""
        if said in names or (said.isdecimal() and 1 <= int(said) <= len(names)):
            return said if said in names else names[int(said) - 1]
        typer.echo("That is none of the answers.")
