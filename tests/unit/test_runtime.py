"""Devices, seeds and times."""

import random
import time

import numpy as np
import pytest
import torch

from lessons_lib.runtime import (
    get_device,
    set_seed,
    timer,
    use_device,
    worker_device,
)


def test_the_variable_names_the_device(monkeypatch, capsys):
    monkeypatch.setenv("LESSONS_DEVICE", "cpu")
    assert use_device() == torch.device("cpu")
    assert capsys.readouterr().out.startswith("running on: cpu (")
    monkeypatch.delenv("LESSONS_DEVICE")
    assert get_device().type in ("cpu", "cuda", "mps")


@pytest.mark.parametrize(
    "name", ["gpu", "tpu:0", "cuda:x", "meta", "cpu:3", "cuda:64"]
)
def test_a_device_that_is_not_there(name):
    with pytest.raises(ValueError, match="device"):
        get_device(name)
    with pytest.raises(TypeError, match="device"):
        get_device(0)


# What torchrun tells the last of two processes.
TORCHRUN = {
    "TORCHELASTIC_RUN_ID": "a run",
    "LOCAL_WORLD_SIZE": "2",
    "LOCAL_RANK": "1",
}


@pytest.fixture
def two_gpus(monkeypatch):
    """Pretend that there are two GPUs; the list of those made current."""
    current = []
    for variable in ("LESSONS_DEVICE", *TORCHRUN):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    monkeypatch.setattr("torch.cuda.device_count", lambda: 2)
    monkeypatch.setattr("torch.cuda.set_device", current.append)
    monkeypatch.setattr("torch.distributed.is_nccl_available", lambda: True)
    return current


def test_each_process_gets_a_gpu_of_its_own(two_gpus, monkeypatch):
    assert worker_device() == (torch.device("cuda:0"), "nccl")
    for variable, value in TORCHRUN.items():
        monkeypatch.setenv(variable, value)
    assert worker_device() == (torch.device("cuda:1"), "nccl")
    assert [d.index for d in two_gpus] == [0, 1]
    # A notebook is no process of the torchrun that its kernel came from.
    assert worker_device(2) == (torch.device("cuda:0"), "nccl")


def test_what_a_cluster_left_in_the_environment(two_gpus, monkeypatch):
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "64")
    monkeypatch.setenv("LOCAL_RANK", "7")  # and there is no eighth GPU
    assert worker_device() == (torch.device("cuda:0"), "nccl")
    assert worker_device(2) == (torch.device("cuda:0"), "nccl")


def test_too_few_gpus_for_nccl(two_gpus, monkeypatch):
    assert worker_device(3) == (torch.device("cpu"), "gloo")
    for variable, value in TORCHRUN.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "3")
    assert worker_device() == (torch.device("cpu"), "gloo")
    assert two_gpus == []


def test_a_process_on_the_cpu(two_gpus, monkeypatch):
    monkeypatch.setattr("torch.distributed.is_nccl_available", lambda: False)
    assert worker_device(2) == (torch.device("cpu"), "gloo")  # as on Windows
    monkeypatch.setattr("torch.distributed.is_nccl_available", lambda: True)
    monkeypatch.setenv("LESSONS_DEVICE", "cpu")
    assert worker_device(2) == (torch.device("cpu"), "gloo")
    with pytest.raises(ValueError, match="at least 1"):
        worker_device(0)


def test_seeds_differ_between_runs_and_within(monkeypatch):
    seen = set()
    for run in ("0", "1", "999999999"):
        monkeypatch.setenv("LESSONS_SEED", run)
        for n in (0, 1):
            set_seed(n)
            first = (random.random(), np.random.rand(), torch.rand(1).item())
            set_seed(n)
            assert first == (
                random.random(),
                np.random.rand(),
                torch.rand(1).item(),
            )
            seen.add(first)
    assert len(seen) == 6


@pytest.mark.parametrize("text", ["-1", "1.5", "one", " "])
def test_a_seed_that_is_none(monkeypatch, text):
    monkeypatch.setenv("LESSONS_SEED", text)
    with pytest.raises(ValueError, match="LESSONS_SEED"):
        set_seed()


@pytest.mark.parametrize("n", [0.5, True, None])
def test_an_argument_that_is_no_seed(n):
    with pytest.raises(TypeError, match="whole number"):
        set_seed(n)
    with pytest.raises(ValueError, match="at least 0"):
        set_seed(-1)


def test_timer_prints_its_line_and_keeps_the_seconds(capsys):
    with timer("nothing") as t:
        assert t.seconds != t.seconds
    assert 0 <= t.seconds < 5
    assert capsys.readouterr().out.startswith("time: 0.")


def test_waiting_is_no_time_of_the_processor():
    with timer("asleep") as t:
        time.sleep(0.5)
    assert 0 <= t.processor < 0.25 < t.seconds
