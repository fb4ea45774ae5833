"""Turn an annotated passage (markup below) into the JSONL reference format of `eval/passages/`.

One sentence per line. A blank line starts a new paragraph; a line that starts with `+` is glued to the sentence
before it, with nothing between. Lines that start with `#` are header fields (`# id: …`, `# topic: …`, `# split: …`) or
remarks. An annotation is `{before=>good//other good|kind|pivot}`, inline; an empty side means insertion or deletion.

    python eval/compile_passages.py draft.passage -o eval/passages/dev/
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

KINDS = ("phrase", "name", "grammar", "residue")
MARK = re.compile(r"\{([^{}]*?)=>([^{}|]*)\|([a-z]+)(?:\|([^{}]*))?\}")


def sentence(line: str, where: str) -> dict[str, object]:
    """Compile one marked-up line into `text`, `reference` and `repairs`."""
    text, reference, repairs, position = "", "", [], 0
    for mark in MARK.finditer(line):
        before, goods, kind, pivot = mark[1], mark[2].split("//"), mark[3], (mark[4] or "").strip()
        if kind not in KINDS:
            raise SystemExit(f"{where}: kind {kind!r} is none of {', '.join(KINDS)}")
        if before in goods:
            raise SystemExit(f"{where}: {before!r} is repaired by itself")
        plain = line[position : mark.start()]
        text, reference = text + plain, reference + plain
        repair = {"start": len(text), "end": len(text) + len(before), "before": before, "good": goods}
        repairs.append(repair | {"kind": kind, "pivot": pivot})
        text, reference, position = text + before, reference + goods[0], mark.end()
    text, reference = text + line[position:], reference + line[position:]
    if "{" in text or "}" in text or "=>" in text:
        raise SystemExit(f"{where}: a mark was not understood: {line}")
    for side in (text, reference):
        if "  " in side:
            print(f"{where}: two spaces in a row in {side!r}", file=sys.stderr)
    return {"text": text, "reference": reference, "repairs": repairs}


def compile_passage(path: Path) -> tuple[str, str, list[dict[str, object]]]:
    """Read one draft; return its id, its split and its records."""
    header: dict[str, str] = {}
    records: list[dict[str, object]] = []
    lead = ""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith("#"):
            key, _, value = line[1:].partition(":")
            header[key.strip()] = value.strip()
        elif not line.strip():
            lead = "\n" if records else ""
        else:
            glued = line.startswith("+")
            record = sentence(line[1:] if glued else line, f"{path}:{number}")
            name = header["id"]
            lead = "" if glued and lead == " " else lead
            records.append(
                {
                    "id": f"{name}.{len(records) + 1:02d}",
                    "passage": name,
                    "topic": header["topic"],
                    "lead": lead,
                    **record,
                }
            )
            lead = " "
    return header["id"], header["split"], records


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("drafts", nargs="+", type=Path)
    parser.add_argument("-o", "--out", type=Path, required=True, help="folder for <id>.jsonl")
    options = parser.parse_args()
    for path in options.drafts:
        name, _split, records = compile_passage(path)
        options.out.mkdir(parents=True, exist_ok=True)
        lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        (options.out / f"{name}.jsonl").write_text("".join(lines), "utf-8")
        repairs = [repair for record in records for repair in record["repairs"]]  # type: ignore[attr-defined]
        counts = {kind: sum(r["kind"] == kind for r in repairs) for kind in KINDS}
        print(f"{name}: {len(records)} sentences, {len(repairs)} repairs {counts}")


if __name__ == "__main__":
    main()
