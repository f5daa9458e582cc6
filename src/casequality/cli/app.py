"""The commands of `casequality`, each thin: words in, a call of the desk, a table out."""

from __future__ import annotations

import typer

from casequality.cli import authoring as check_plugin
from casequality.cli import authoring as new_plugin
from casequality.cli import deadline, goals, measure, plugins, report
from casequality.cli import goals as comments
from casequality.cli import goals as due
from casequality.cli import measure as metrics
from casequality.cli import plugins as doctor
from casequality.cli import report as worklist

app: typer.Typer = typer.Typer(
    name="casequality",
    help="Know, and prove, how well a municipality treats its citizens' cases.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("measure")(measure.measure)
app.command("report")(report.report)
app.command("comments")(comments.comments)
app.command("due")(due.due)
app.command("worklist")(worklist.worklist)
app.command("deadline")(deadline.deadline)
app.add_typer(goals.app, name="goals")
app.add_typer(metrics.app, name="metrics")
app.command("plugins")(plugins.plugins)
app.command("doctor")(doctor.doctor)
app.command("new-plugin")(new_plugin.new_plugin)
app.command("check-plugin")(check_plugin.check_plugin)


def run() -> None:
    """Run the command line; exit code 0 is done, 2 a command whose words do not fit."""
    app()
