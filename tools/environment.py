"""Make an environment of the book, or leave it where it is as it should be.

    python -m tools.environment all|site

`all` is .venv, from requirements.txt, for everything. `site` is .venv-site,
from requirements-site.txt, which renders the site without PyTorch. An
environment is made anew where its pins changed, where its folder was moved
or copied, and where an earlier try broke off. The packages come by uv, which
is pinned like the others, and by pip where uv fails.

It needs the standard library alone, and is read by old versions of Python as
well, so that these can say what they lack.
"""

import ast
import hashlib
import os
import platform
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEEDED = (3, 11)
KINDS = {
    "all": (".venv", "requirements.txt", "6.3 GB"),
    "site": (".venv-site", "requirements-site.txt", "0.5 GB"),
}
# Where the pinned PyTorch has packages.
MACHINES = {
    ("Linux", "x86_64"),
    ("Linux", "aarch64"),
    ("Darwin", "arm64"),
    ("Windows", "AMD64"),
}
# What pip's configuration calls it, and uv's variable for the same.
SETTINGS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
}
# What pip says when it fails, and what is to be done.
CAUSES = {
    r"connection broken|NewConnectionError|Max retries": (
        "There is no way to the packages: is there a network?"
    ),
    r"DO NOT MATCH THE HASHES": (
        "A package is not the one that was tested: its hash differs from"
        " that in {pins}."
    ),
    r"No matching distribution": (
        "A version in {pins} is not to be had for this machine and Python."
    ),
    r"No space left": "The disk is full: {size} are needed.",
}


def check_python():
    """Exit with a sentence if this Python is too old."""
    if sys.version_info < NEEDED:
        raise SystemExit(
            f"Python {NEEDED[0]}.{NEEDED[1]} or newer is needed;"
            f" {sys.executable} is {platform.python_version()}."
            " Try: make PYTHON=python3.11"
        )


def check_machine():
    """Exit with a sentence if PyTorch has no packages for this machine."""
    system, machine = platform.system(), platform.machine()
    if (system, machine) not in MACHINES:
        raise SystemExit(
            f"PyTorch has no packages for this machine, {system} on {machine},"
            " but for Linux on x86-64 and arm64, macOS on Apple silicon and"
            " Windows on x86-64. `make book` needs no PyTorch, and the links at"
            " the top of the lessons open them on Colab."
        )


def python_of(folder):
    """The environment's Python."""
    if os.name == "nt":
        return folder / "Scripts" / "python.exe"
    return folder / "bin" / "python"


def marks(folder, pins):
    """What an environment's stamp says: its place, and what it is made of."""
    files = [ROOT / pins, ROOT / "pyproject.toml"]
    hashes = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    return [str(folder), *hashes]


def uv_settings(python):
    """Give uv's variables for what pip's configuration says on this machine."""
    listed = subprocess.run(
        [python, "-m", "pip", "config", "list"],
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ).stdout
    values = {}
    for section in ("global.", "install.", ":env:."):  # the last one wins
        for line in listed.splitlines():
            name, _, value = line.partition("=")
            if name.startswith(section):
                values[name[len(section) :]] = ast.literal_eval(value)
    # pip takes the best version of all indexes, uv that of the first.
    settings = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    for name, variable in SETTINGS.items():
        if name in values:
            between = "," if name == "find-links" else " "
            settings[variable] = between.join(values[name].split())
    return settings


def uv(python, folder):
    """Fetch the pinned uv with pip; how to run it, and with which variables.

    Raises
    ------
    subprocess.CalledProcessError
        If it is not to be had.
    """
    pins = (ROOT / "requirements.txt").read_text("utf-8")
    pin = re.search(r"^uv==.*(\n .*)+", pins, re.MULTILINE)
    if pin is None:
        raise LookupError("requirements.txt does not pin uv")
    file = folder / "requirements.txt"
    file.write_text(pin[0], "utf-8")
    options = ["--quiet", "--no-deps", "--only-binary=:all:"]
    options += ["--target", folder, "--requirement", file]
    subprocess.run(
        [python, "-m", "pip", "install", *options],
        check=True,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )
    env = {**uv_settings(python), **os.environ, "PYTHONPATH": str(folder)}
    return [python, "-m", "uv", "pip"], env


def tell(words):
    """Print what pip said, without its warnings of tries that failed."""
    for line in words.splitlines():
        if not line.startswith("WARNING"):
            print(line, file=sys.stderr)


def install(python, pins, size):
    """Install the pinned packages, by uv or else by pip.

    Raises
    ------
    SystemExit
        If both fail, with pip's words and what they mean.
    """
    with tempfile.TemporaryDirectory() as folder:
        try:
            command, env = uv(python, Path(folder))
            options = ["--python", python, "--requirement", pins]
            if not sys.stderr.isatty():  # no progress bars in a file
                options.append("--quiet")
            subprocess.run(
                [*command, "install", *options],
                cwd=ROOT,
                env=env,
                check=True,
            )
            return
        except subprocess.CalledProcessError as error:
            tell(error.stderr or "")
            print(
                "uv did not do it; pip tries, which takes longer.", flush=True
            )
    run = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--requirement", pins],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )
    if run.returncode:
        tell(run.stderr)
        for pattern, cause in CAUSES.items():
            if re.search(pattern, run.stderr):
                print(cause.format(pins=pins, size=size), file=sys.stderr)
                break
        raise SystemExit(
            "The packages are not installed. When that is mended, run the"
            " same command again."
        )


def make(kind):
    """Make the environment, or what of it is missing."""
    name, pins, size = KINDS[kind]
    folder = ROOT / name
    stamp = folder / ".installed"
    python = python_of(folder)
    wanted = marks(folder, pins)
    found = []
    if stamp.is_file() and python.exists():
        found = stamp.read_text("utf-8").splitlines()
    if found == wanted:
        return
    check_python()
    if kind == "all":
        check_machine()
    if found[:2] != wanted[:2]:
        if folder.is_symlink():
            raise SystemExit(f"{name} is a link to another folder: remove it.")
        print(f"Making {name}: {size}, once.", flush=True)
        run = subprocess.run([sys.executable, "-m", "venv", "--clear", folder])
        if run.returncode:
            raise SystemExit(
                f"Python could not make {name}. On Debian and Ubuntu it needs:"
                " apt-get install python3-venv"
            )
        install(python, pins, size)
    # The package itself. The stamp comes last, so that an install which
    # broke off is begun again.
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--editable"]
    run = subprocess.run(
        [python, "-m", "pip", "install", *options, "."], cwd=ROOT
    )
    if run.returncode:
        raise SystemExit("lessons_lib is not installed; pip says why above.")
    stamp.write_text("\n".join(wanted) + "\n", "utf-8")


def main(arguments):
    """Make the environment named; the exit status."""
    if len(arguments) != 1 or arguments[0] not in KINDS:
        print(__doc__.split("\n\n")[1].strip(), file=sys.stderr)
        return 2
    make(arguments[0])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
