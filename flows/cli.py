"""The `rashomon` command. Each command imports what it needs when it runs, so that light ones start at once."""

from __future__ import annotations

import io
import shlex
import sys
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.errors import UserError
from flows.reports import FORMATS, TEXT_FORMATS

if TYPE_CHECKING:
    from flows.settings import Settings
    from storage import Warehouse

DEMO_CLAIMS = 5
DEFAULT_WAREHOUSE = "rashomon.duckdb"


class Group(click.Group):
    """Prints an error of the user's as one message, without a traceback, and exits with 1."""

    def invoke(self, ctx: click.Context) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")  # a terminal that has no Arabic shows question marks
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except UserError as error:
            _fail(ctx, error)
        except BrokenPipeError:
            sys.stderr.close()  # the reader of a pipe went away; Python would complain once more at exit
            ctx.exit(0)
        except Exception as error:
            # Only now is it known that something failed, so only now is it worth loading DuckDB to ask what.
            from storage import WarehouseError

            if not isinstance(error, WarehouseError):
                raise
            _fail(ctx, error)


def _fail(ctx: click.Context, error: Exception) -> None:
    from flows.reports.texts import harmless

    click.echo(f"Error: {harmless(str(error))}", err=True)  # it may tell what a source said
    ctx.exit(1)


warehouse_option = click.option(
    "--warehouse",
    type=click.Path(dir_okay=False),
    default=DEFAULT_WAREHOUSE,
    envvar="RASHOMON_WAREHOUSE",
    show_default=True,
    help="The DuckDB file, or ducklake:...; also read from $RASHOMON_WAREHOUSE.",
)

log_option = click.option(
    "--log",
    type=click.Choice(("plain", "json")),
    default="plain",
    show_default=True,
    help="What is told of runs on standard error; json: an object a line, for other programs.",
)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="rashomon")
def main() -> None:
    """See how English, Russian and Arabic outlets cover the same events.

    \b
    Examples:
      rashomon demo                        the sample corpus, from articles to a report
      rashomon run coverage.yaml           your own coverage
      rashomon report --format html --out report.html
      rashomon sql "select * from omissions limit 10"
    """


@main.command()
@warehouse_option
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    default="rashomon-report.html",
    show_default=True,
    help="The HTML report to write.",
)
def demo(warehouse: str, report: Path) -> None:
    """Run the sample corpus: nine articles on one event, in three languages, from articles to a report.

    \b
    Example:
      rashomon demo && rashomon sql "select outlet, english, speaker from comparison limit 5"
    """
    from importlib import resources

    from flows.settings import load_settings, warehouse_place

    with resources.as_file(resources.files("configs")) as folder:
        place = {"warehouse": warehouse_place(warehouse, Path.cwd())}
        settings = load_settings(folder / "sample.yaml").model_copy(update=place)
        _keep_apart(warehouse, folder / "gold" / "enclave")
        _run(settings)
    from flows.reports import write_report
    from flows.reports.reading import read_report
    from flows.reports.standard_output import StandardOutput
    from flows.reports.terminal import print_report

    store = _open(warehouse)
    print_report(read_report(store), StandardOutput(), most_claims=DEMO_CLAIMS)
    write_report(store, "html", out=report)
    click.echo(f"\nWarehouse: {warehouse}\nReport:    {report}")


@main.command()
@click.argument("config", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--warehouse",
    type=click.Path(dir_okay=False),
    envvar="RASHOMON_WAREHOUSE",
    help="The DuckDB file, or ducklake:..., whatever CONFIG says; also read from $RASHOMON_WAREHOUSE.",
)
@log_option
def run(config: Path, warehouse: str | None, log: str) -> None:
    """Take the coverage that CONFIG names through the whole pipeline into its warehouse.

    A run that was stopped goes on where it was; one with nothing new does almost nothing. The shipped
    configs/example.yaml shows every key.

    \b
    Examples:
      rashomon run coverage.yaml
      rashomon run coverage.yaml --warehouse /data/coverage.duckdb
      rashomon run coverage.yaml --log json 2> run.jsonl
    """
    from flows.settings import load_settings, warehouse_place

    settings = load_settings(config)
    if warehouse:
        place = warehouse_place(warehouse, Path.cwd())
        files = settings.warehouse_files if place == settings.warehouse else None
        settings = settings.model_copy(update={"warehouse": place, "warehouse_files": files})
    if skipped := _run(settings, log == "json"):
        click.echo(f"Skipped: {skipped}.")
    else:
        shown = f"rashomon report --warehouse {shlex.quote(settings.warehouse)}"
        click.echo(f"Done: {settings.warehouse}; `{shown}` shows it.")


@main.command()
@click.argument(
    "configs",
    metavar="CONFIG...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
@log_option
def serve(configs: tuple[Path, ...], log: str) -> None:
    """Register each CONFIG with a Prefect server as a deployment, and run it when it is due or asked for.

    `schedule.cron` in a CONFIG says when it is due. In the UI, runs can be started with other settings than those of
    the file. Goes on until it is interrupted; a run that is stopped goes on where it was when the next one starts.

    \b
    Examples:
      rashomon serve coverage.yaml
      rashomon serve europe.yaml levant.yaml
    """
    from flows.console import check_prefect, quiet_prefect

    quiet_prefect(log == "json")
    check_prefect()
    from flows.serving import serve

    serve(configs)


@main.command()
@warehouse_option
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def export(folder: Path, warehouse: str) -> None:
    """Write the whole warehouse into FOLDER, a Parquet file a table, to keep or to carry over.

    `rashomon import` makes a warehouse of it again. FOLDER is made, or must be empty.

    \b
    Example:
      rashomon export backup-2024-03-01
    """
    from flows.backup import export

    for table, rows in export(_open(warehouse), folder).items():
        click.echo(f"{rows:>9,} {table}")


@main.command("import")
@warehouse_option
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
def import_(folder: Path, warehouse: str) -> None:
    """Make a new warehouse of what `rashomon export` wrote into FOLDER, also by an earlier version.

    \b
    Example:
      rashomon import backup-2024-03-01 --warehouse restored.duckdb
    """
    from flows.backup import load

    for table, rows in load(folder, warehouse).items():
        click.echo(f"{rows:>9,} {table}")


@main.command()
@warehouse_option
@click.option("--story", metavar="ID", help="Only this story; `rashomon stories` lists them.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.option("--view", metavar="NAME", help="As json, csv or parquet: the rows of this view, for those of comparison.")
@click.option(
    "--as-of",
    type=click.DateTime(("%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f")),
    metavar="TIME",
    help="What the warehouse held then, UTC; on DuckLake, which keeps its past.",
)
def report(
    warehouse: str, story: str | None, form: str, out: Path | None, view: str | None, as_of: datetime | None
) -> None:
    """Show claims with each outlet's wording side by side, and who leaves them out.

    \b
    Examples:
      rashomon report
      rashomon report --format html --out report.html
      rashomon report --story 1f0c2ab4 --format markdown > story.md
      rashomon report --view naming --format csv > naming.csv
      rashomon report --warehouse ducklake:levant.ducklake --as-of "2024-03-01 12:00"
    """
    from flows.reports import write_report

    write_report(_open(warehouse, as_of), form, story=story, out=out, view=view)


@main.command()
@warehouse_option
@click.option("--runs", type=click.IntRange(min=1), default=5, show_default=True, help="How many runs.")
def status(warehouse: str, runs: int) -> None:
    """Show how the last runs went, and what waits to be done and why.

    \b
    Examples:
      rashomon status
      rashomon status --runs 20
    """
    from flows.reports.status import last_runs, waiting

    store = _open(warehouse)
    _show(last_runs(store, runs), "table")
    click.echo()
    _show(waiting(store), "table")


@main.command()
@warehouse_option
def stories(warehouse: str) -> None:
    """List stories, those that most outlets cover first.

    \b
    Example:
      rashomon stories
    """
    from flows.reports.lists import list_stories

    _show(list_stories(_open(warehouse)), "table")


@main.command()
@warehouse_option
@click.option("--story", metavar="ID", help="Only this story; `rashomon stories` lists them.")
def claims(warehouse: str, story: str | None) -> None:
    """List claims, those that most outlets make first.

    \b
    Examples:
      rashomon claims
      rashomon claims --story 1f0c2ab4
    """
    from flows.reports.lists import list_claims
    from flows.reports.reading import choose, read_briefs

    store = _open(warehouse)
    chosen = choose(read_briefs(store), story).story_id if story else None
    _show(list_claims(store, chosen), "table")


text_format_option = click.option(
    "--format", "form", type=click.Choice(TEXT_FORMATS), default="terminal", show_default=True
)


@main.command()
@click.argument("claim", metavar="ID")
@warehouse_option
@text_format_option
def claim(claim: str, warehouse: str, form: str) -> None:
    """Show one claim with all its statements, each outlet's figures, who denies it and who leaves it out.

    ID may be cut short; `rashomon claims` lists them.

    \b
    Examples:
      rashomon claim 561791be
      rashomon claim 561791be --format markdown > claim.md
    """
    from flows.reports import write_claim

    write_claim(_open(warehouse), claim, form)


@main.command()
@click.argument("outlets", metavar="OUTLET OUTLET", nargs=2)
@warehouse_option
@click.option("--story", metavar="ID", help="Only this story; `rashomon stories` lists them.")
@text_format_option
def compare(outlets: tuple[str, str], warehouse: str, story: str | None, form: str) -> None:
    """Set two outlets head to head: what both tell and only one, their figures, names and speakers.

    An OUTLET may be cut short. Without --story: in every story that both cover.

    \b
    Examples:
      rashomon compare "Northgate Wire" "Damascus Courier"
      rashomon compare north منارة --story 6ee51772
      rashomon compare north damascus --format csv > statements.csv
    """
    from flows.reports import write_head_to_head

    write_head_to_head(_open(warehouse), outlets, form, story)


@main.command()
@click.argument("query")
@warehouse_option
@click.option(
    "--format", "form", type=click.Choice(("table", "csv", "json", "parquet")), default="table", show_default=True
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The Parquet file to write.")
def sql(query: str, warehouse: str, form: str, out: Path | None) -> None:
    """Run one QUERY on the warehouse, read-only.

    \b
    Examples:
      rashomon sql "select * from comparison limit 5"
      rashomon sql "select outlet, surface, valence, share from naming" --format csv
      rashomon sql "from coverage" --format parquet --out coverage.parquet
      rashomon sql "describe comparison"
    """
    if (form == "parquet") != (out is not None):
        raise click.UsageError("--out FILE goes with --format parquet, and that with --out")
    if out:
        from flows.reports.output import replacing

        with replacing(out) as part:
            _open(warehouse).export(f"({query.rstrip().rstrip(';')}\n)", part)
    else:
        _show(_open(warehouse).query(query), form)


@main.command()
@click.argument("gold", type=click.Path(path_type=Path, exists=True, file_okay=False), nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option(
    "--warehouse", type=click.Path(path_type=Path, dir_okay=False), help="Keep the DuckDB file that was scored."
)
@click.option(
    "--translations",
    type=click.Choice(("reference", "none")),
    default="reference",
    show_default=True,
    help="The memory of translations: the gold English, or none.",
)
def evaluate(gold: tuple[Path, ...], as_json: bool, warehouse: Path | None, translations: str) -> None:
    """Run the pipeline on the articles of gold events and score what it makes.

    GOLD are folders with articles.jsonl, statements.jsonl, claims.jsonl and names.jsonl, and where they are marked
    figures.jsonl, relations.jsonl, discrepancies.jsonl and frames.jsonl. Weights are learned from the shipped events
    without the one that is scored.

    \b
    Examples:
      rashomon evaluate configs/gold/border
      rashomon evaluate configs/gold/* --json --warehouse scored.duckdb
    """
    from flows.console import check_prefect, quiet_prefect

    quiet_prefect()
    check_prefect()
    from flows.evaluation import evaluate_events, print_tables, to_json

    evaluation = evaluate_events(gold, warehouse, with_reference=translations == "reference")
    if as_json:
        click.echo(to_json(evaluation))
    else:
        print_tables(evaluation)


@main.command()
@click.argument("gold", type=click.Path(path_type=Path, exists=True, file_okay=False), nargs=-1, required=True)
def train(gold: tuple[Path, ...]) -> None:
    """Learn from gold events what says the same, what denies and what is mistranslated; print the weights (JSON).

    The weights that are used lie in configs/weights.json. Retrain where gold events or features change.

    \b
    Examples:
      rashomon train configs/gold/* > configs/weights.json
    """
    from align.encoders import EmbeddedEncoder
    from flows.denials import denial_lesson, train_denials
    from flows.doubt import train_doubt
    from flows.gold import load_event
    from flows.lexicons import load_knowledge
    from flows.weights import Learned, lesson, to_json, train

    knowledge = load_knowledge(EmbeddedEncoder().encode)
    events = [load_event(folder) for folder in gold]
    scorer = train([lesson(event, knowledge) for event in events])
    denials = train_denials([denial_lesson(event, knowledge) for event in events])
    click.echo(to_json(Learned(scorer, denials, train_doubt(events, knowledge))), nl=False)


@main.command()
@warehouse_option
def doctor(warehouse: str) -> None:
    """Say what is installed, which models and engines work offline, and where files lie.

    \b
    Example:
      rashomon doctor
    """
    from flows.doctor import examine

    for check in examine(warehouse):
        click.echo(f"{'ok' if check.ok else '--'}  {check.name:<28} {check.finding}")


@main.group(short_help="List, fetch ahead and verify the models that translate and encode.")
def models() -> None:
    """List, fetch ahead and verify the models that translate and encode.

    \b
    Examples:
      rashomon models list coverage.yaml
      rashomon models pull opus-mt --to /media/stick/models
      rashomon models check --config coverage.yaml
    """


config_option = click.option(
    "--config",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The models that this config names; without it those that are the default.",
)


@models.command("list")
@click.argument("config", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False)
def list_(config: Path | None) -> None:
    """Say of each model that CONFIG would use where it lies, how large it is and whether it can be used here.

    Without CONFIG: of the default models of every engine. Nothing is fetched.

    \b
    Examples:
      rashomon models list
      rashomon models list coverage.yaml
    """
    from flows.model_store import choices_of_auto, list_models

    _show(list_models(config), "table")
    for choice in choices_of_auto(config):
        click.echo(choice)


@models.command()
@click.argument("engines", nargs=-1, metavar="[ENGINE]...")
@config_option
@click.option("--language", metavar="CODE", help="Only models of this language: ru or ar.")
@click.option(
    "--to",
    type=click.Path(path_type=Path, file_okay=False),
    help="Lay the models in this folder too, to be carried over to a machine without network.",
)
def pull(engines: tuple[str, ...], config: Path | None, language: str | None, to: Path | None) -> None:
    """Fetch ahead the models of ENGINEs (`encoder` is one too), or else what the config would use.

    What is here and whole stays, what is damaged is fetched anew. A transfer that was broken off goes on where it was.
    Beside the models, --to writes models.yaml: the lines that a config there needs to use them.

    \b
    Examples:
      rashomon models pull
      rashomon models pull opus-mt --language ru
      rashomon models pull --config coverage.yaml --to /media/stick/models
    """
    from rich.console import Console

    from flows.console import downloads
    from flows.model_store import pull

    with downloads(Console(stderr=True)):
        for line in pull(config, engines, language, to):
            click.echo(line)


@models.command()
@config_option
def check(config: Path | None) -> None:
    """Compare the files of models with their checksums; exit with 1 where one is damaged.

    \b
    Examples:
      rashomon models check
      rashomon models check --config coverage.yaml
    """
    from flows.model_store import check_models

    is_whole = True
    for finding in check_models(config):
        click.echo(str(finding))
        is_whole &= not finding.is_damaged
    click.get_current_context().exit(0 if is_whole else 1)


def _keep_apart(warehouse: str, sample: Path) -> None:
    """Keep the invented articles of the sample out of a warehouse with real ones."""
    from flows.gold import load_event
    from storage import NoWarehouse

    try:
        held = {row[0] for row in _open(warehouse).query("SELECT article_id FROM articles").rows}
    except NoWarehouse:
        return
    if held - load_event(sample).articles:
        raise UserError(f"{warehouse} holds coverage of your own; name another file with --warehouse")


def _run(settings: Settings, json_log: bool = False) -> str | None:
    """Run the flow. Returns why it was skipped, where it was."""
    from rich.console import Console

    from flows.console import check_prefect, progress, quiet_prefect

    quiet_prefect(json_log)
    check_prefect()
    console = Console(stderr=True)
    if console.is_terminal and not json_log:
        console.print("[dim]starting Prefect …")
    from prefect import tags

    from flows.coverage import compare_coverage

    with nullcontext() if json_log else progress(console), tags("rashomon"):
        state = compare_coverage(settings, return_state=True)
        state.result()
    return state.message if state.name == "Skipped" else None


def _open(place: str, as_of: datetime | None = None) -> Warehouse:
    from storage import Warehouse
    from storage.lake import PREFIX

    if place.startswith(PREFIX):  # the shell leaves a `~` behind it as it is
        from flows.settings import warehouse_place

        place = warehouse_place(place, Path.cwd())
    return Warehouse(place, as_of=as_of)


def _show(result: Any, form: str) -> None:
    from flows.reports.results import print_result

    print_result(result, form)
