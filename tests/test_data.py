"""MNIST whole or not at all, whatever the network and the disk do."""

import gzip
import hashlib
import http.server
import os
import stat
import subprocess
import sys
import threading
import time

import pytest
import torch
from torchvision.datasets import MNIST

from lessons_lib import data

IMAGES, LABELS = 60, 60  # in each file of the small MNIST served here


@pytest.fixture
def small(monkeypatch, tmp_path):
    """A small MNIST, its packed files, and an empty data folder."""
    packed, files, resources = {}, {}, []
    for i, (name, (_, header, shape)) in enumerate(data.FILES.items()):
        body = bytes(header) + bytes(
            (k * 7 + i) % (10 if shape == () else 256)
            for k in range(IMAGES * (784 if shape else 1))
        )
        packed[name + ".gz"] = gzip.compress(body, mtime=0)
        files[name] = (hashlib.md5(body).hexdigest(), header, shape)
        md5 = hashlib.md5(packed[name + ".gz"]).hexdigest()
        resources.append((name + ".gz", md5))
    monkeypatch.setattr(data, "FILES", files)
    monkeypatch.setattr(data, "VALIDATION", 10)
    monkeypatch.setattr(MNIST, "resources", resources)
    monkeypatch.setattr(data, "ANSWER_WITHIN", 0.5)
    monkeypatch.setenv("LESSONS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("no_proxy", "*")
    return packed


@pytest.fixture
def serve(small, monkeypatch):
    """Start mirrors; each is a function of (handler, name, body)."""
    servers = []

    def start(*behaviours):
        mirrors = []
        for behave in behaviours:

            class Handler(http.server.BaseHTTPRequestHandler):
                calls = 0

                def do_GET(self, behave=behave):
                    type(self).calls += 1
                    name = self.path.rpartition("/")[2]
                    behave(self, name, small[name])

                def log_message(self, *args):
                    pass

            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, daemon=True).start()
            servers.append(server)
            mirrors.append(f"http://127.0.0.1:{server.server_port}/")
        monkeypatch.setattr(MNIST, "mirrors", mirrors)
        return [s.RequestHandlerClass for s in servers]

    yield start
    for server in servers:
        server.shutdown()


def answer(handler, body, status=200, length=None):
    handler.send_response(status)
    handler.send_header(
        "Content-Length", str(len(body) if length is None else length)
    )
    handler.end_headers()
    handler.wfile.write(body)


def good(handler, name, body):
    answer(handler, body)


def missing(handler, name, body):
    answer(handler, b"not here", 404)


def forbidden(handler, name, body):
    answer(handler, b"not you", 403)


def captive_portal(handler, name, body):
    answer(handler, b"<html>Please log in</html>")


def cut_short(handler, name, body):
    answer(handler, body[: len(body) // 2], length=len(body))


def one_byte_flipped(handler, name, body):
    answer(handler, body[:-9] + bytes([body[-9] ^ 1]) + body[-8:])


def wrong_length(handler, name, body):
    answer(handler, body, length=len(body) - 5)


def hangs(handler, name, body):
    time.sleep(2)


def resets(handler, name, body):
    handler.connection.close()


def only_the_first_file(handler, name, body):
    (good if name.startswith("train-images") else missing)(handler, name, body)


BAD = [
    missing,
    forbidden,
    captive_portal,
    cut_short,
    one_byte_flipped,
    wrong_length,
    hangs,
    resets,
    only_the_first_file,
]


def leftovers(folder):
    return sorted(
        p.name for p in folder.rglob("*") if p.is_file() and p.name != ".lock"
    )


def test_a_good_mirror(serve, tmp_path, capsys):
    serve(good)
    digits = data.load_mnist()
    assert digits.source == "mnist"
    line = capsys.readouterr().out
    assert line == "data: MNIST; 50 training, 10 validation, 60 test images\n"
    assert leftovers(tmp_path / "data") == sorted(data.FILES)


@pytest.mark.parametrize("bad", BAD, ids=lambda f: f.__name__)
def test_a_bad_mirror_then_a_good_one(serve, tmp_path, bad):
    serve(bad, good)
    assert data.load_mnist().source == "mnist"
    assert leftovers(tmp_path / "data") == sorted(data.FILES)


@pytest.mark.parametrize("bad", BAD, ids=lambda f: f.__name__)
def test_only_a_bad_mirror(serve, tmp_path, capsys, bad):
    handlers = serve(bad)
    start = time.monotonic()
    assert data.load_mnist().source == "digits"
    assert "MNIST could not be downloaded: " in capsys.readouterr().out
    assert leftovers(tmp_path / "data") == ["download-failed"]
    calls = handlers[0].calls
    data.load_mnist()  # not asked again for a while
    assert handlers[0].calls == calls
    with pytest.raises(data.DataError, match="could not be downloaded"):
        data.load_mnist("mnist")  # insisting asks again
    assert time.monotonic() - start < 15


def test_no_network_costs_less_than_five_seconds(small, monkeypatch):
    monkeypatch.setattr(data, "ANSWER_WITHIN", 3.0)
    monkeypatch.setattr(MNIST, "mirrors", ["http://127.0.0.1:9/"] * 2)
    start = time.monotonic()
    assert data._fetch(data.data_folder() / "MNIST" / "raw", insist=False)
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    "spoil",
    [lambda b: b[:-1], lambda b: b[:20] + b"\xff" + b[21:], lambda b: b""],
)
def test_a_spoilt_file_is_named(serve, tmp_path, spoil):
    serve(good)
    data.load_mnist()
    path = tmp_path / "data/MNIST/raw/t10k-images-idx3-ubyte"
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(
        data.DataError, match="t10k-images-idx3-ubyte is not MNIST's"
    ):
        data.load_mnist()
    path.unlink()
    assert data.load_mnist("mnist").source == "mnist"


@pytest.mark.parametrize("where", ["file", "file/below"])
def test_a_folder_that_cannot_be(small, monkeypatch, tmp_path, where):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("LESSONS_DATA_DIR", str(tmp_path / where))
    with pytest.raises(data.DataError, match="set LESSONS_DATA_DIR"):
        data.load_mnist()


@pytest.mark.skipif(
    hasattr(os, "geteuid") and os.geteuid() == 0,
    reason="root may write everywhere",
)
def test_a_read_only_folder(small, monkeypatch, tmp_path):
    folder = tmp_path / "fixed"
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    monkeypatch.setenv("LESSONS_DATA_DIR", str(folder))
    with pytest.raises(data.DataError, match="cannot be written"):
        data.load_mnist()


def test_a_full_disk_is_told(serve, monkeypatch, tmp_path):
    serve(good)

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(data.shutil, "copyfileobj", full)
    with pytest.raises(data.DataError, match="No space left"):
        data.load_mnist()
    assert not [n for n in leftovers(tmp_path) if n in data.FILES]


def test_eight_processes_and_an_empty_folder(serve, tmp_path):
    handlers = serve(good)
    code = f"""
from torchvision.datasets import MNIST
from lessons_lib import data
MNIST.mirrors, MNIST.resources = {MNIST.mirrors!r}, {MNIST.resources!r}
data.FILES, data.VALIDATION = {data.FILES!r}, 10
print(data.load_mnist("mnist").source)
"""
    runs = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        for _ in range(8)
    ]
    out = [run.communicate(timeout=120)[0].decode() for run in runs]
    assert all(o.endswith("mnist\n") for o in out)
    assert handlers[0].calls == 1 + 4  # one asked whether, and one downloaded
    assert leftovers(tmp_path / "data") == sorted(data.FILES)


def test_the_stand_in():
    digits = data.load_mnist("digits")
    assert digits.source == "digits"
    sizes = {"train": 1197, "val": 300, "test": 300}
    for part, n in sizes.items():
        X, y = getattr(digits, f"X_{part}"), getattr(digits, f"y_{part}")
        assert X.shape == (n, 1, 28, 28)
        assert X.dtype == torch.float32
        assert (X.min(), X.max()) == (0, 1)
        assert y.shape == (n,)
        assert y.dtype == torch.int64
        assert y.unique().tolist() == list(range(10))
    rows = torch.cat([digits.X_train, digits.X_val, digits.X_test]).flatten(1)
    assert len(rows.unique(dim=0)) > 1790  # the parts share no sample
    assert digits.to("cpu").source == "digits"
    # made as MNIST is: 20 pixels long, the centre of mass at pixel 14
    images = rows.view(-1, 28, 28)
    for lines in (images.sum(dim=1), images.sum(dim=2)):
        centre = lines @ torch.arange(28.0) / lines.sum(dim=1)
        assert (centre - 14).abs().max() < 0.501
        ends = [line.nonzero()[[0, -1], 0] for line in lines]
        assert max(b - a for a, b in ends) == 19


@pytest.mark.skipif(
    not (data.data_folder() / "MNIST/raw/train-images-idx3-ubyte").is_file(),
    reason="there is no MNIST on this machine",
)
def test_the_real_one():
    digits = data.load_mnist("mnist")
    sizes = [len(getattr(digits, f"y_{p}")) for p in ("train", "val", "test")]
    assert sizes == [55_000, 5_000, 10_000]
    assert digits.X_train.shape[1:] == (1, 28, 28)
    assert (digits.X_test.min(), digits.X_test.max()) == (0, 1)
    assert digits.y_test[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    assert abs(digits.X_train.mean() - 0.1307) < 1e-3  # as widely published


@pytest.mark.parametrize("source", ["MNIST", "", 3])
def test_an_unknown_source(source):
    with pytest.raises(ValueError, match="it may be"):
        data.load_mnist(source)


def test_batches_use_each_sample_once():
    X, y = torch.arange(10.0).view(10, 1), torch.arange(10)
    got = list(data.batches(X, y, 4))
    assert [len(b[1]) for b in got] == [4, 4, 2]
    assert torch.cat([b[1] for b in got]).sort().values.tolist() == list(
        range(10)
    )
    assert all(torch.equal(b[0][:, 0], b[1].float()) for b in got)
    orders = {tuple(torch.cat([b[1] for b in data.batches(X, y, 4)]).tolist())}
    orders |= {
        tuple(torch.cat([b[1] for b in data.batches(X, y, 4)]).tolist())
        for _ in range(9)
    }
    assert len(orders) > 1
    plain = [b[1].tolist() for b in data.batches(X, y, 4, shuffle=False)]
    assert plain == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert len(list(data.batches(X, y, 4, drop_last=True))) == 2


@pytest.mark.parametrize(
    ("X", "y", "size", "error", "words"),
    [
        (torch.zeros(0, 3), torch.zeros(0), 2, ValueError, "no sample"),
        (
            torch.zeros(4, 3),
            torch.zeros(3),
            2,
            ValueError,
            "4 samples and y has 3",
        ),
        (torch.zeros(4, 3), torch.zeros(4), 0, ValueError, "at least 1"),
        (torch.zeros(4, 3), torch.zeros(4), 2.0, TypeError, "whole number"),
        ([[1.0]], torch.zeros(1), 2, TypeError, "not a tensor"),
        (torch.zeros(2), torch.tensor(1), 2, ValueError, "no sample"),
        (
            torch.zeros(2),
            torch.zeros(2, device="meta"),
            2,
            ValueError,
            "move one",
        ),
    ],
)
def test_batches_of_bad_input(X, y, size, error, words):
    with pytest.raises(error, match=words):
        data.batches(X, y, size)
