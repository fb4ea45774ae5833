"""`repair`: the entry point, its exit codes and what every command shares.

Exit codes: 0 all fine, 1 a check failed, 2 usage or bad configuration, 3 finished but some documents were set aside.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import metadata
from typing import Annotated

import typer

from repair.cli import bench, explain, glossary, lexicon, prepare, run, score, train
from repair.errors import RepairError

FAILED, USAGE, SET_ASIDE = 1, 2, 3

app = typer.Typer(
    name="repair",
    help="Repairs machine-translated English when the source text is gone.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        print(f"mt-repair {metadata.version('mt-repair')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Repairs machine-translated English when the source text is gone.

    Example: repair run seeds/ -o out/
    """


app.command(
    "run", epilog="Example: repair run article.txt crawl.jsonl.gz -o out/   ·   cat page.txt | repair run - -o out/"
)(run.run)
app.command("detect", epilog="Example: repair detect article.txt -o findings.jsonl")(run.detect)
app.command("score", epilog="Example: repair score out/ --references eval/passages/dev")(score.score)
app.command("explain", epilog="Example: repair explain out/ --doc article --at 214")(explain.explain)
app.command("prepare", epilog="Example: repair prepare")(prepare.prepare)
app.add_typer(train.app, name="train")
app.add_typer(bench.app, name="bench")
app.add_typer(lexicon.app, name="lexicon")
app.add_typer(glossary.app, name="glossary")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    try:
        result = app(args=list(argv) if argv is not None else None, standalone_mode=False)
    except RepairError as error:
        print(f"repair: {error}", file=sys.stderr)
        return USAGE
    except typer.Exit as stop:
        return int(stop.exit_code)
    except typer.Abort:
        print("repair: stopped", file=sys.stderr)
        return FAILED
    except BrokenPipeError:  # whoever read our output has had enough; nothing of it can be flushed any more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        print("repair: interrupted; nothing half-written was left behind", file=sys.stderr)
        return 130
    except Exception as error:  # click's usage errors, whatever class typer vendors them under
        if hasattr(error, "show") and hasattr(error, "exit_code"):
            error.show()
            return USAGE
        raise
    return int(result) if isinstance(result, int) else 0


if __name__ == "__main__":
    sys.exit(main())
