"""The digits as tensors, and the batches cut from them."""

import pytest
import torch

from lessons_lib import data, plots

pytestmark = pytest.mark.data


def test_the_stand_in():
    digits = data.load_mnist("digits")
    assert digits.source == "digits"
    sizes = {"train": 1197, "val": 300, "test": 300}
    for part, n in sizes.items():
        X, y = getattr(digits, f"X_{part}"), getattr(digits, f"y_{part}")
        assert X.shape == (n, 1, 28, 28)
        X = X[:]
        assert X.dtype == torch.float32
        assert (X.min(), X.max()) == (0, 1)
        assert y.shape == (n,)
        assert y.dtype == torch.int64
        assert y.unique().tolist() == list(range(10))
    rows = torch.cat(
        [digits.X_train[:], digits.X_val[:], digits.X_test[:]]
    ).flatten(1)
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
    assert (digits.X_test[:].min(), digits.X_test[:].max()) == (0, 1)
    assert digits.y_test[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    assert abs(digits.X_train[:].mean() - 0.1307) < 1e-3  # as widely published


def test_images_are_bytes_until_they_are_picked():
    pixels = torch.arange(256, dtype=torch.uint8).view(64, 1, 2, 2)
    images, y = data.Images(pixels), torch.arange(64)
    numbers = pixels / 255
    assert images.shape == numbers.shape
    assert len(images) == 64
    assert images.device == images.to("cpu").device == numbers.device
    rows = torch.tensor([3, 1])
    for some in (slice(None), slice(5), 7, rows, numbers[:, 0, 0, 0] > 0.5):
        assert torch.equal(images[some], numbers[some])
    assert [len(image) for image in images] == [1] * 64
    for shuffle in (False, True):
        got = list(data.batches(images, y, 10, shuffle=shuffle))
        assert [len(labels) for _, labels in got] == [10] * 6 + [4]
        assert all(torch.equal(X, numbers[labels]) for X, labels in got)


def test_images_are_no_tensor_and_say_so():
    images = data.Images(torch.zeros(4, 1, 2, 2, dtype=torch.uint8))
    with pytest.raises(AttributeError, match=r"no 'flatten'.*images\[:\]"):
        torch.nn.Flatten()(images)
    with pytest.raises(TypeError, match=r"try images\[:\]"):
        plots.image_grid(images)
    with pytest.raises(ValueError, match="4 samples and y has 3"):
        data.batches(images, torch.zeros(3), 2)
    with pytest.raises(ValueError, match="no sample"):
        data.batches(data.Images(images.pixels[:0]), torch.zeros(0), 2)


@pytest.mark.parametrize(
    ("source", "error"),
    [("MNIST", ValueError), ("", ValueError), (3, TypeError)],
)
def test_an_unknown_source(source, error):
    with pytest.raises(error, match="it may be"):
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
