"""From judged results to files: pages, certificates, functions; only what changed is made again."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from .catalogue import HERE, Catalogue, Entry
from .certificate import text
from .evidence import certificate_drift, replayed, result_certificate, upheld
from .judged import Function, JudgedResult

MANIFEST = "manifest.json"
FOLDERS = {"html": ".", "latex": "latex", "markdown": "markdown"}
LIBRARIES = ("sympy", "numpy", "mpmath", "python-flint", "latex2mathml")
Progress = Callable[[str], None]


class NotOurs(Exception):
    """An output folder with files of somebody else."""


@dataclass(frozen=True)
class Built:
    """A row of the table at the end of a build."""

    name: str
    subject: str
    title: str
    verdict: str
    evidence: str
    proved: int
    statements: int
    seconds: float
    changed: bool


# ---- composition: results with their functions


def with_functions(catalogue: Catalogue, name: str) -> JudgedResult:
    """A judged result together with the source and the accuracy record of the functions it declares."""
    from numeric.accuracy import note, record, rows_of
    from numeric.declared import of_result
    from numeric.emit import declared_source

    judged = replayed(catalogue, catalogue.judge(name))
    functions = tuple(
        Function(d.name, declared_source(d, checked), d.theorem, tuple(record(rows_of(d, checked))), note(d, checked))
        for d, checked in of_result(catalogue, name)
    )
    return replace(judged, functions=functions)


def all_results() -> list[JudgedResult]:
    """Every result of the catalogue with its functions: what the pages of the site are made from."""
    catalogue = Catalogue()
    return [with_functions(catalogue, name) for name in catalogue]


# ---- what depends on what


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def machinery() -> str:
    """A hash of everything that can change a verdict or a page, results aside: our sources, Python, the libraries."""
    import numeric

    digest = hashlib.sha256(sys.version.encode())
    for library in LIBRARIES:
        try:
            digest.update(f"{library} {version(library)}".encode())
        except PackageNotFoundError:
            digest.update(library.encode())
    numeric_folder = Path(numeric.__file__).parent
    machinery_files = [p for p in HERE.rglob("*") if p.suffix in (".py", ".css") and _is_machinery(p)]
    for path in sorted([*machinery_files, *numeric_folder.rglob("*.py"), *numeric_folder.rglob("*.json")]):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _is_machinery(path: Path) -> bool:
    inside = path.relative_to(HERE).parts
    return len(inside) == 1 or inside[0].startswith("_")


@dataclass
class Manifest:
    """What the last build into a folder made, and from what."""

    folder: Path
    results: dict[str, Any]

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest of a folder; an unreadable one counts as none."""
        try:
            data = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            return cls(folder, dict(data["results"]))
        except (OSError, ValueError, KeyError, TypeError):
            return cls(folder, {})

    def intact(self, name: str, key: str) -> Built | None:
        """The row of a result that would come out the same, and whose files are as they were written."""
        try:
            row = self.results[name]
            fresh = row["key"] == key and row["seal"] == _seal(row)
            same = fresh and all(_sha((self.folder / path).read_bytes()) == sha for path, sha in row["files"].items())
            return Built(**{**row["row"], "seconds": 0.0, "changed": False}) if same else None
        except (OSError, KeyError, TypeError):
            return None

    def write(self) -> None:
        """Put the manifest into its folder."""
        _write(self.folder / MANIFEST, json.dumps({"results": self.results}, indent=1, sort_keys=True))


def _seal(row: dict[str, Any]) -> str:
    return _sha(text({k: v for k, v in row.items() if k != "seal"}).encode())


def _key(catalogue: Catalogue, entry: Entry, base: str, uses: Iterable[str]) -> str:
    digest = hashlib.sha256(base.encode() + entry.path.read_bytes())
    for name in sorted({label.partition(".")[0] for label in uses} - {entry.name}):
        used = catalogue.known.get(name)
        digest.update(b"missing" if used is None else used.path.read_bytes())
    return digest.hexdigest()


# ---- building


def build(catalogue: Catalogue, names: list[str], folder: Path, progress: Progress) -> list[Built]:
    """Judge the results and write their files; everything is made aside first, and then put in place."""
    from ._render import forms

    if folder.is_dir() and not (folder / MANIFEST).exists() and any(p.name[:10] != ".building-" for p in folder.iterdir()):
        raise NotOurs(f"{folder} holds files that lossproof did not write; choose a new folder, or an empty one")
    folder.mkdir(parents=True, exist_ok=True)
    manifest, base = Manifest.read(folder), machinery()
    names = list(dict.fromkeys((*(n for n in manifest.results if n in catalogue.known), *names)))  # what is there stays
    rows: list[Built] = []
    links = _links(catalogue, names)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=folder) as aside:
        staged = Path(aside)
        for count, name in enumerate(names, 1):
            entry = catalogue.known[name]
            before = manifest.results.get(name, {}) if isinstance(manifest.results.get(name), dict) else {}
            row = manifest.intact(name, _key(catalogue, entry, base, before.get("uses", ())))
            if row is not None and not _believed(row, entry, folder):
                row = None
            if row is None:
                progress(f"[{count}/{len(names)}] {name}")
                judged = with_functions(catalogue, name)
                files = _files(catalogue, judged, forms(), links)
                row = _row(judged)
                for path, content in files.items():
                    _write(staged / path, content)
                made = {
                    "key": _key(catalogue, entry, base, judged.uses),
                    "uses": list(judged.uses),
                    "files": {path: _sha(content.encode()) for path, content in files.items()},
                    "row": row.__dict__,
                }
                manifest.results[name] = {**made, "seal": _seal(made)}
            else:
                progress(f"[{count}/{len(names)}] {name}: unchanged")
            rows.append(row)
        gone = {name: manifest.results.pop(name) for name in [n for n in manifest.results if n not in names]}
        if gone or any(row.changed for row in rows) or not (folder / "index.html").exists():
            results = [catalogue.judge(name) for name in names]
            _write(staged / "index.html", forms()["html"].index(results))
        for new in sorted(p for p in staged.rglob("*") if p.is_file()):
            target = folder / new.relative_to(staged)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(new, target)
        _sweep(folder, gone, manifest.results)
        manifest.write()
    return rows


def _believed(row: Built, entry: Entry, folder: Path) -> bool:
    """Whether a record of an earlier build is believed: that something is proved, only if it is replayed here and now."""
    labels = [f"{row.name}.{theorem.name}" for theorem in entry.load().theorems]
    return row.verdict != "proved" or (row.evidence == "replayed" and upheld(folder / "certificates", labels))


def _sweep(folder: Path, gone: dict[str, Any], kept: dict[str, Any]) -> None:
    """Remove the files of results that are no longer built: only those we wrote, and only as we wrote them."""
    still = {path for row in kept.values() for path in row["files"]}
    for row in gone.values():
        for path, sha in row["files"].items():
            target = folder / path
            if path not in still and target.is_file() and _sha(target.read_bytes()) == sha:
                target.unlink()


def _links(catalogue: Catalogue, names: list[str]) -> dict[str, str]:
    links = {"index": "index.html"}
    for name in names:
        links[name] = f"{name}.html"
        links |= {f"{name}.{t.name}": f"{name}.html#{t.name}" for t in catalogue.known[name].load().theorems}
    return links


def _files(catalogue: Catalogue, judged: JudgedResult, forms: dict[str, Any], links: dict[str, str]) -> dict[str, str]:
    files = {
        f"{FOLDERS[form]}/{judged.name}{module.SUFFIX}".removeprefix("./"): module.render(
            judged, links=links if form == "html" else None
        )
        for form, module in forms.items()
        if form in FOLDERS
    }
    files[f"certificates/{judged.name}.json"] = text(result_certificate(catalogue, judged)) + "\n"
    for function in judged.functions:
        files[f"functions/{function.name}.py"] = function.source
        record = {"function": function.name, "theorem": function.theorem, "note": function.note, "record": function.record}
        files[f"functions/{function.name}.accuracy.json"] = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
    return files


def _row(judged: JudgedResult) -> Built:
    proved = sum(t.verdict == "proved" for t in judged.theorems)
    seconds = sum(t.seconds for t in judged.theorems)
    return Built(
        judged.name,
        judged.subject,
        judged.title.template,
        judged.verdict,
        judged.evidence,
        proved,
        len(judged.theorems),
        round(seconds, 3),
        True,
    )


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(content, encoding="utf-8")
    os.replace(part, path)


__all__ = ["Built", "NotOurs", "all_results", "build", "certificate_drift", "result_certificate", "with_functions"]
