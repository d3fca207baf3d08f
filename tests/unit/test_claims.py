"""A claim holds, or says what was measured; it cannot pass by accident."""

import math

import numpy as np
import pytest
import torch

from lessons_lib.claims import ClaimFailed, claim, watched
from lessons_lib.exercises import choice, function, number, satisfies, tensor
from tools.lessons import Session


@pytest.mark.parametrize(
    "holds",
    [
        True,
        np.bool_(True),
        np.array([True]),
        torch.tensor(True),
        torch.tensor([True]),
    ],
)
def test_claim_holds(holds, capsys):
    claim("water is wet", holds, wetness=1.0)
    assert capsys.readouterr().out == "✓ water is wet\n"


def test_claim_fails_with_what_was_measured():
    with pytest.raises(ClaimFailed, match=r"✗ small\n  loss = 0.5\n  at = 3"):
        claim("small", torch.tensor(0.5) < 0.1, loss=0.5, at=3)


@pytest.mark.parametrize(
    "holds",
    [
        1,
        "yes",
        None,
        [True],
        torch.tensor(1.0),
        lambda: True,
        math.nan,
    ],
)
def test_claim_wants_a_truth_value(holds):
    with pytest.raises(TypeError, match="compare it with something"):
        claim("this cannot fail", holds)


@pytest.mark.parametrize(
    "holds", [torch.ones(3) > 0, np.ones(2) > 0, torch.zeros(0) > 0]
)
def test_claim_wants_one_truth_value(holds):
    with pytest.raises(ValueError, match="say which you mean"):
        claim("this cannot fail", holds)


def test_a_watched_claim_is_told_and_does_not_raise(capsys):
    seen = []
    with watched(seen.append):
        claim("two is two", 2 == 2)
        claim("small", 0.5 < 0.1, loss=0.5)
    assert [(c.text, c.holds, c.measured) for c in seen] == [
        ("two is two", True, {}),
        ("small", False, {"loss": 0.5}),
    ]
    assert capsys.readouterr().out == "✓ two is two\n✗ small\n"
    with pytest.raises(ClaimFailed):
        claim("small", False)


def test_what_a_machine_lacks_is_not_ticked(capsys):
    seen = []
    with watched(seen.append):
        claim("it is better", 2 > 1, needs={"MNIST": True})
        claim("it is worse", 1 > 2, needs={"MNIST": False})
        claim("both agree", 1 > 2, needs={"MNIST": True, "a GPU": False})
    assert capsys.readouterr().out == (
        "✓ it is better (needs MNIST)\n"
        "– it is worse (needs MNIST, not checked)\n"
        "– both agree (needs MNIST and a GPU, not checked)\n"
    )
    assert [c.text for c in seen] == ["it is better (needs MNIST)"]
    with pytest.raises(ClaimFailed, match=r"✗ it is worse \(needs MNIST\)"):
        claim("it is worse", 1 > 2, needs={"MNIST": True})


@pytest.mark.parametrize(
    ("needs", "error"),
    [
        ("MNIST", TypeError),
        ({"MNIST": 1}, TypeError),
        ({3: True}, TypeError),
        ({}, ValueError),
    ],
)
def test_what_is_needed_is_named(needs, error):
    with pytest.raises(error, match="needs of 'a sentence'"):
        claim("a sentence", True, needs=needs)


@pytest.mark.parametrize(
    ("text", "error"),
    [("", ValueError), ("  ", ValueError), (None, TypeError), (3, TypeError)],
)
def test_claim_wants_a_sentence(text, error):
    with pytest.raises(error, match="a claim is a sentence"):
        claim(text, True)


def test_number_takes_any_way_of_writing_it():
    test = number(0.5, hint="half")
    for right in (
        0.5,
        torch.tensor(0.5),
        np.float32(0.5),
        [0.5],
        torch.ones(1, 1) / 2,
    ):
        assert test(right) is None
    for wrong in (0.51, "0.5", None, True, math.nan, [0.5, 0.5], object()):
        assert "half" in test(wrong)
    for wrong in (0.5 + 1j, torch.ones((), device="meta"), 10**400):
        assert "half" in test(wrong)
    assert "half" in number(1, hint="half")(np.True_)


def test_tensor_wants_shape_and_values():
    test = tensor([[1.0, 2.0]], hint="a row")
    assert test(np.array([[1, 2]])) is None
    assert test(torch.tensor([[1.0, 2.0]], requires_grad=True)) is None
    assert "given shape (2,), expected shape (1, 2)" in test([1.0, 2.0])
    assert "expected [[1, 2]]" in test([[2.0, 1.0]])


def test_function_gets_copies_and_its_errors_are_told():
    x = torch.ones(3)
    test = function(lambda x: 2 * x, [(x,)], hint="twice")
    assert test(lambda x: x.mul_(2)) is None
    assert x.sum() == 3
    assert "raised ZeroDivisionError" in test(lambda x: 1 / 0)
    assert "is there a return?" in test(lambda x: None)
    assert "expected a function" in test(6)


def test_choice_explains_the_wrong_letter():
    test = choice(
        "b", options="abc", hints={"a": "too early", "c": "too late"}
    )
    assert test("(B)") is None
    assert "too early" in test("a")
    assert "one letter" in test("z")
    assert "one letter" in test("")


def test_satisfies_turns_errors_into_wrong_answers():
    test = satisfies(lambda a: a > 1, expected="more than 1", hint="try 2")
    assert test(2) is None
    assert "more than 1" in test(0)
    assert "TypeError" in test("two")


# --- NaN on a side of a comparison -------------------------------------------


def run_watched(source):
    session = Session()
    session.run(0, "import torch\nfrom lessons_lib.claims import claim")
    session.run(1, source)
    return session


@pytest.mark.parametrize(
    "condition",
    [
        "float('nan') != 0",
        "(torch.full((3,), torch.nan) != 0).all()",
        "not torch.tensor(torch.nan) < 1",
        "bool((torch.tensor([0.0, torch.nan]) > 1).sum() < 2)",
        "1 > 0 and [0.0, float('nan')] != [1.0, 2.0]",
        "not 0 < float('nan') < 1",
    ],
)
def test_no_claim_holds_by_nan(condition):
    """The condition is true, and yet it is an error."""
    assert eval(condition, {"torch": torch})
    session = run_watched(f'claim("a sentence", {condition})')
    assert session.claims == []
    assert "compares NaN" in session.errors[0]


@pytest.mark.parametrize(
    "condition",
    [
        "0 < 1 < 2",
        "torch.tensor(torch.nan).isnan()",
        "(torch.arange(3) >= 0).all()",
        "[1, 2] == [1, 2] and 3 in [3] and None is None",
        "all(x > 0 for x in (1, 2))",
    ],
)
def test_other_claims_hold_as_before(condition):
    session = run_watched(f'claim("a sentence", {condition})')
    assert session.errors == []
    assert [c.holds for c in session.claims] == [True]


# --- What was compared -------------------------------------------------------

SET_UP = """
import numpy as np
x, y, big = torch.tensor([1.0, 4.0, 2.0]), torch.tensor([0.0, 3.5, 1.0]), 7
"""


@pytest.mark.parametrize(
    ("condition", "seen"),
    [
        ("big > 5", {0: (">", 7, 5)}),
        ("x.max() <= np.float32(9)", {0: ("<=", 4, 9)}),
        ("(x > 0.5).all()", {0: (">", 1, 0.5)}),
        ("torch.all(x > y)", {0: (">", 4, 3.5)}),
        ("(x > y).all(0)", {0: (">", 4, 3.5)}),
        ("(x > 3).any()", {0: (">", 4, 3)}),
        ("not (x < 0).any()", {0: (">=", 1, 0)}),
        ("not (x > 1).all()", {0: ("<=", 1, 1)}),
        ("~(x > 5).any()", {0: ("<=", 4, 5)}),
        ("not 3 > big", {0: (">=", 7, 3)}),
        ("all(v < 5 for v in x)", {0: ("<", 4, 5)}),
        ("any(v > 1 for v in x)", {0: (">", 4, 1)}),
        ("((x > 0) & (y < 4)).all()", {0: (">", 1, 0), 1: ("<", 3.5, 4)}),
        ("0 < big < 10", {0: (">", 7, 0), 1: ("<", 7, 10)}),
        ("-10 < -big", {0: (">", -7, -10)}),
        ("2 < big and x[0] < 3", {0: (">", 7, 2), 1: ("<", 1, 3)}),
        ("big < 0 or x[0] < 3", {1: ("<", 1, 3)}),
        ("big > 0 or x[0] < 3", {0: (">", 7, 0)}),
        ("big == 7 and x[0] < 3", {1: ("<", 1, 3)}),
        ("bool((x > 1).sum() < 3)", {0: ("<", 2, 3)}),
        ("((x > 1).any() | (y > 9).any()).item()", {0: (">", 4, 1)}),
        # no margin
        ("x[0] == 1", {}),
        ("big != 6", {}),
        ("x.isnan().any() or True", {}),
        ("bool(x.all)", {}),
        ("(lambda: big > 3)()", {}),
        ("'a' < 'b' and {1} < {1, 2} and [1, 2] < [3]", {}),
        ("(x > 1).sum() == 2", {}),
        ("(x[0] > 0) != False", {}),
        ("True > False and 10**400 > 1", {}),
        ("(torch.zeros(0) > 0).all()", {}),
        ("(x[None] > y[:, None]).any(dim=0).all()", {}),
    ],
)
def test_what_a_claim_rests_on(condition, seen):
    session = run_watched(f'{SET_UP}claim("it", {condition})')
    assert session.errors == []
    assert [c.holds for c in session.claims] == [True]
    found = {place: pair[:3] for place, pair in session.measured["it"].items()}
    assert found == seen


def test_a_claim_that_fails_says_what_was_measured():
    session = run_watched(f'{SET_UP}claim("it", big < 3 and big > 8)')
    assert session.measured == {"it": {0: ("<", 7, 3, False)}}


def test_of_a_claim_made_often_the_worst_is_kept():
    loop = f'{SET_UP}for v in x: claim("it", v < 5)'
    assert run_watched(loop).measured == {"it": {0: ("<", 4, 5, True)}}


def test_a_condition_may_have_been_put_into_a_variable():
    session = run_watched(
        f"{SET_UP}ok = 0 < big < 9\nfine = big > 6\nother = big > 1\n"
        'claim("ok", ok)\nclaim("fine", fine)'
    )
    assert session.measured == {
        "ok": {0: (">", 7, 0, True), 1: ("<", 7, 9, True)},
        "fine": {0: (">", 7, 6, True)},
    }
    session = run_watched('ok = float("nan") != 0\nclaim("it", ok)')
    assert "compares NaN" in session.errors[0]


def test_no_claim_gets_the_numbers_of_another():
    session = run_watched(
        f'{SET_UP}claim("one", big > 5)\n'
        "try: claim(3, big > 6)\nexcept TypeError: pass\n"
        'claim("two", True)\nmade = claim\nmade("three", big > 4)'
    )
    assert session.measured == {
        "one": {0: (">", 7, 5, True)},
        "two": {},
        "three": {},
    }
