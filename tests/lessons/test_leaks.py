"""Lesson 12 in a kernel that a cluster's job or another torchrun started."""

import pytest

from tools import lessons

# What such a kernel inherits: a place among eight processes elsewhere.
LEAKED = {
    "RANK": "5",
    "WORLD_SIZE": "8",
    "LOCAL_RANK": "7",
    "LOCAL_WORLD_SIZE": "8",
    "GROUP_RANK": "1",
    "MASTER_ADDR": "192.0.2.1",
    "MASTER_PORT": "1",
    "TORCHELASTIC_RUN_ID": "another",
    "TORCHELASTIC_RESTART_COUNT": "3",
    "TORCHELASTIC_USE_AGENT_STORE": "True",
    "SLURM_PROCID": "5",
    "SLURM_NTASKS": "8",
    "PET_NNODES": "2",
    "PET_RDZV_CONF": "join_timeout=3",
}


@pytest.mark.data
def test_two_processes_are_alone(monkeypatch):
    for name, value in LEAKED.items():
        monkeypatch.setenv(name, value)
    session = lessons.Session()
    (path,) = lessons.find("12")
    for i, source in lessons.code(lessons.read(path)):
        assert session.run(i, source), session.wrong
        if "both processes hold the same gradient" in source:
            break
    assert len(session.claims) == 7
    assert session.wrong == []
