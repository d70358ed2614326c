"""What is written down and what there is agree: commands, settings, dependencies, decisions; nothing of one machine."""

import re
import subprocess
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from bot.cli.app import app, feeds_app
from bot.commands import COMMANDS
from config.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
SETTINGS = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
TERMINAL = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
FEEDS = [command.name or command.callback.__name__ for command in feeds_app.registered_commands if command.callback]
OWN_DIRECTORIES = re.compile(r"(?<![\w.])/(?:root|work|home|Users)/[\w.+-]+")
INDEXES = re.compile(r"(?:files\.python" + r"hosted|\bpypi)\." + r"org|--(?:extra-)?index-url", re.IGNORECASE)
LINK = re.compile(r"(?<!!)\[[^]]+]\(([^)#:\s]+)(?:#[^)]*)?\)|!\[[^]]*]\(([^)\s]+)\)")


def text(name: str) -> str:
    """A file of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def pages() -> list[Path]:
    """All documentation."""
    return [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def tracked() -> list[Path]:
    """The files of the repository; those that lie here where there is no git."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("this is no git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def named(requirements: list[str]) -> set[str]:
    """The packages that requirements name."""
    return {re.split(r"[\[><=!;~ ]", requirement, maxsplit=1)[0] for requirement in requirements}


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_documented(name: str) -> None:
    assert f"| `{name}` |" in text("docs/guide/settings.md")
    assert re.search(rf"^#?{name}=", text(".env.example"), re.MULTILINE)


def test_no_document_names_a_setting_that_is_not_there() -> None:
    known = {*SETTINGS, "BAZTAB_TEST_POSTGRES"}
    for page in [*pages(), *(ROOT / "deploy").iterdir()]:
        found = set(re.findall(r"BAZTAB_[A-Z_]+[A-Z]", page.read_text(encoding="utf-8")))
        assert found <= known, page


@pytest.mark.parametrize("name", TERMINAL)
def test_every_terminal_command_is_documented(name: str) -> None:
    assert re.search(rf"`baztab [^`]*\b{name}\b|, `{name}[` ]", text("README.md"))
    assert f"`baztab {name}" in text("docs/guide/terminal.md") or f"$ baztab {name}" in text("docs/guide/terminal.md")


@pytest.mark.parametrize("name", FEEDS)
def test_every_command_for_feeds_is_documented(name: str) -> None:
    assert f"`baztab feeds {name}" in text("docs/guide/terminal.md")
    assert re.search(rf"`baztab feeds [^`]*\b{name}\b", text("README.md"))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_chat_command_is_documented(command: object) -> None:
    guide = text("docs/guide/commands.md")
    for name in (command.name, *command.aliases):  # type: ignore[attr-defined]  # a Command, which pytest can't say
        assert re.search(rf"`/{name}[` ]", guide), name
    assert f"`/{command.name}`" in text("README.md")  # type: ignore[attr-defined]  # as above


def test_the_guide_names_no_chat_command_that_is_not_there() -> None:
    known = {name for command in COMMANDS for name in (command.name, *command.aliases)}
    assert set(re.findall(r"`/([a-z]+)[` ]", text("docs/guide/commands.md"))) <= known


def test_make_has_what_the_documents_tell_to_run() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    for page in [*pages(), ROOT / ".ci" / "run", ROOT / ".pre-commit-config.yaml"]:
        told = re.findall(r"(?:^|`|&& |=\S+ )make ([a-z][a-z-]*)", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert set(told) <= targets, page
    assert {"install", "demo", "run", "test"} <= set(re.findall(r"make ([a-z]+)", text("README.md")))


def test_make_prints_every_target() -> None:
    makefile = text("Makefile")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony
    for target in phony[1].split():
        assert re.search(rf"^{target}:.*## \S", makefile, re.MULTILINE), target


def test_every_dependency_has_its_reason_and_no_other_has() -> None:
    project = tomllib.loads(text("pyproject.toml"))
    run_time, development = text("docs/decisions/dependencies.md").split("## Development")
    for part, wanted in [
        (run_time, project["project"]["dependencies"]),
        (development, project["dependency-groups"]["dev"]),
    ]:
        rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in part.splitlines() if line.startswith("| ")]
        reasons = {row[0]: row[1:] for row in rows if row[0] not in {"package", "---"}}
        assert set(reasons) == named(wanted)
        assert all(len(cells) == 3 and all(cells) for cells in reasons.values())


@pytest.mark.parametrize("lock", ["base.txt", "dev.txt"])
def test_every_dependency_is_pinned_with_hashes(lock: str) -> None:
    project = tomllib.loads(text("pyproject.toml"))
    wanted = named(project["project"]["dependencies"])
    if lock == "dev.txt":
        wanted |= named(project["dependency-groups"]["dev"])
    pins = re.findall(r"^([\w.-]+)\S*==[^\\]+\\\n +--hash=sha256:", text(f"requirements/{lock}"), re.MULTILINE)
    assert {name.replace(".", "-") for name in wanted} <= set(pins)


def test_every_decision_is_in_the_index() -> None:
    index = text("docs/decisions/README.md")
    for page in (ROOT / "docs" / "decisions").glob("*.md"):
        assert page.name == "README.md" or f"({page.name})" in index, page.name


def test_links_between_documents_lead_somewhere() -> None:
    for page in pages():
        for match in LINK.finditer(page.read_text(encoding="utf-8")):
            target = match[1] or match[2]
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_files_that_documents_name_are_there() -> None:
    named_files = re.compile(r"`((?:tests|benchmarks|bot|digests|config)/[\w/]+\.(?:py|toml|json))`")
    for page in pages():
        for name in named_files.findall(page.read_text(encoding="utf-8")):
            assert (ROOT / name).is_file(), (page, name)


def test_pictures_are_small() -> None:
    pictures = list((ROOT / "docs" / "images").glob("*.png"))
    assert len(pictures) >= 2
    assert all(picture.stat().st_size < 300_000 for picture in pictures)


def test_nothing_names_this_machine_or_a_package_index() -> None:
    for file in tracked():
        try:
            content = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        assert not OWN_DIRECTORIES.search(content), file
        assert not INDEXES.search(content.replace("--no-emit-index-url", "")), file


def test_our_packages_are_not_overwritten_by_others() -> None:
    """A distribution called `config` would take the place of ours without a word."""
    distributions = packages_distributions()
    for name in ("config", "digests", "bot"):
        assert set(distributions[name]) == {"baztab"}
