"""Both environments: when they are made, and what is said where they fail."""

import base64
import hashlib
import os
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
from tools import environment

WHEEL = "tiny-1.0-py3-none-any.whl"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with the lists, and what would be run there."""
    for name in ("requirements.txt", "requirements-site.txt"):
        (tmp_path / name).write_text("one==1.0\n", "utf-8")
    (tmp_path / "pyproject.toml").write_text("", "utf-8")
    calls = []

    def run(command, **options):
        calls.append(" ".join(map(str, command)))
        if "venv" in command:
            python = environment.python_of(command[-1])
            python.parent.mkdir(parents=True, exist_ok=True)
            python.touch()
        return type("Done", (), {"returncode": 0})

    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment.subprocess, "run", run)
    monkeypatch.setattr(
        environment, "install", lambda python, pins, size: calls.append(pins)
    )
    return tmp_path, calls


def test_it_is_made_once_and_neither_list_touches_the_other(place):
    folder, calls = place
    environment.make("site")
    environment.make("all")
    assert calls.count("requirements-site.txt") == 1
    assert calls.count("requirements.txt") == 1
    calls.clear()
    environment.make("site")
    environment.make("all")
    assert calls == []
    (folder / "requirements-site.txt").write_text("one==2.0\n", "utf-8")
    environment.make("all")
    assert calls == []
    environment.make("site")
    assert "requirements-site.txt" in calls


def test_a_change_of_the_package_alone_fetches_nothing(place):
    folder, calls = place
    environment.make("all")
    calls.clear()
    (folder / "pyproject.toml").write_text("[project]\n", "utf-8")
    environment.make("all")
    assert len(calls) == 1
    assert "--editable ." in calls[0]


@pytest.mark.parametrize("fault", ["moved", "broken off", "no Python"])
def test_it_is_made_anew(place, monkeypatch, fault):
    folder, calls = place
    environment.make("site")
    made = folder / ".venv-site"
    if fault == "moved":
        elsewhere = folder.with_name(folder.name + "-moved")
        folder.rename(elsewhere)
        monkeypatch.setattr(environment, "ROOT", elsewhere)
    elif fault == "broken off":
        (made / ".installed").unlink()
    else:
        environment.python_of(made).unlink()
    calls.clear()
    environment.make("site")
    assert "-m venv --clear" in calls[0]
    assert "requirements-site.txt" in calls


def test_the_folder_behind_a_link_is_left_alone(place):
    folder, calls = place
    (folder / "other").mkdir()
    (folder / ".venv").symlink_to(folder / "other")
    with pytest.raises(SystemExit, match="is a link"):
        environment.make("all")
    assert calls == []


@pytest.mark.parametrize(
    ("system", "machine"),
    [("Darwin", "x86_64"), ("Windows", "ARM64"), ("Linux", "riscv64")],
)
def test_where_pytorch_has_no_packages(place, monkeypatch, system, machine):
    _, calls = place
    monkeypatch.setattr(environment.platform, "system", lambda: system)
    monkeypatch.setattr(environment.platform, "machine", lambda: machine)
    with pytest.raises(SystemExit, match=f"{machine}.*make book.*Colab"):
        environment.make("all")
    assert calls == []
    environment.make("site")


def test_an_old_python_says_so(place, monkeypatch):
    monkeypatch.setattr(environment, "NEEDED", (99, 0))
    with pytest.raises(SystemExit, match="99.0 or newer is needed"):
        environment.make("site")


def wheel(folder):
    """The smallest package that pip installs; its hash."""
    files = {
        "tiny.py": b"",
        "tiny-1.0.dist-info/METADATA": b"Name: tiny\nVersion: 1.0\n",
        "tiny-1.0.dist-info/WHEEL": b"Wheel-Version: 1.0\n"
        b"Root-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text).digest())
        record += f"{name},sha256={digest.decode().rstrip('=')},{len(text)}\n"
    files["tiny-1.0.dist-info/RECORD"] = record.encode()
    with zipfile.ZipFile(folder / WHEEL, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return hashlib.sha256((folder / WHEEL).read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("version", "index", "right", "said"),
    [
        ("1.0", False, True, None),
        ("1.0", False, False, "its hash differs from that in pins.txt"),
        ("2.0", False, True, "A version in pins.txt is not to be had"),
        ("2.0", True, True, "is there a network?"),
    ],
)
def test_pip_serves_where_uv_fails_and_says_why_not(
    tmp_path, monkeypatch, capfd, version, index, right, said
):
    digest = wheel(tmp_path) if right else wheel(tmp_path)[::-1]
    pins = tmp_path / "pins.txt"
    pins.write_text(f"tiny=={version} --hash=sha256:{digest}\n", "utf-8")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    (tmp_path / "requirements.txt").write_text(
        "uv==0.0.1 \\\n    --hash=sha256:00\n", "utf-8"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_TARGET", str(tmp_path / "lib"))
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    if index:
        monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/")
        monkeypatch.setenv("PIP_RETRIES", "1")
    else:
        monkeypatch.setenv("PIP_NO_INDEX", "1")
    if said is None:
        environment.install(sys.executable, "pins.txt", "1 GB")
        assert (tmp_path / "lib/tiny.py").exists()
        return
    with pytest.raises(SystemExit, match="not installed"):
        environment.install(sys.executable, "pins.txt", "1 GB")
    assert said in capfd.readouterr().err


def test_uv_is_told_what_pip_is_told(tmp_path, monkeypatch):
    for name in environment.SETTINGS:
        variable = "PIP_" + name.upper().replace("-", "_")
        monkeypatch.delenv(variable, raising=False)
    file = tmp_path / "pip.conf"
    file.write_text(
        "[global]\nindex-url = https://a.example/simple\n"
        "extra-index-url = file:///one\n    file:///two\n"
        "[install]\nfind-links = /three /four\n",
        "utf-8",
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(file))
    settings = environment.uv_settings(sys.executable)
    assert settings["UV_DEFAULT_INDEX"] == "https://a.example/simple"
    assert settings["UV_INDEX"].endswith("file:///one file:///two")
    assert settings["UV_FIND_LINKS"] == "/three,/four"
    monkeypatch.setenv("PIP_INDEX_URL", "https://b.example/simple")
    settings = environment.uv_settings(sys.executable)
    assert settings["UV_DEFAULT_INDEX"] == "https://b.example/simple"
