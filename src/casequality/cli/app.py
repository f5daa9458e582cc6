"""The commands of `casequality`, each thin: words in, a call of the desk, a table out."""

from __future__ import annotations

import typer

from casequality.cli import authoring, deadline, goals, look, measure, plugins, store

app: typer.Typer = typer.Typer(
    name="casequality",
    help="Know, and prove, how well a municipality treats its citizens' cases.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("look")(look.look)
app.command("measure")(measure.measure)
app.command("report")(goals.report)
app.command("comments")(goals.comments)
app.command("due")(goals.due)
app.command("worklist")(deadline.worklist)
app.command("deadline")(deadline.deadline)
app.add_typer(deadline.app, name="deadlines")
app.add_typer(goals.app, name="goals")
app.add_typer(measure.app, name="metrics")
app.add_typer(store.app, name="store")
app.command("plugins")(plugins.plugins)
app.command("doctor")(plugins.doctor)
app.command("new-plugin")(authoring.new_plugin)
app.command("check-plugin")(authoring.check_plugin)


def run() -> None:
    """Run the command line; exit code 0 is done, 2 a command whose words do not fit."""
    app()
