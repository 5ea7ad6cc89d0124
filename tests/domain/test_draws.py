"""WDL-1, WDL-2, WDL-3, MVA-6: how much is taken from where, worked by hand in `tables/draws.csv`.

A row's sources are split by `|`, the lots of one source by `+`, a holding is value@factor; draws are taken>paid.
"""

from decimal import Decimal

import pytest

from services.domain.draws import Draw, Holding, Source, draw_gross, draw_net, everything, value_of
from services.domain.mva import Adjustment
from services.domain.selling import Sale, mva_block
from services.domain.state import Lot
from tests.domain.gaa import lot
from tests.domain.tabled import rows

D = Decimal
Row = dict[str, str]


def holding(name: str, value: str, factor: str) -> Holding:
    """A fund where the factor is written 1, else a lot."""
    if factor == "1":
        return Holding(name, D(value))
    each: Lot = lot("2021-01-05", lot=name)
    return Holding("GAA", D(value), Adjustment(each, "MVA-2", D(factor), D(factor)))


def sources(text: str) -> list[Source]:
    found = []
    for at, source in enumerate(text.split(" | ")):
        lots = (each.split("@") for each in source.split(" + "))
        found.append(tuple(holding(f"{at}-{n}", value, factor) for n, (value, factor) in enumerate(lots)))
    return found


def shown(drawable: list[Source], draws: list[Draw] | None) -> str:
    """What was drawn, holding by holding; 0.00>0.00 of what was not."""
    if draws is None:
        return "none"
    by_holding = {id(draw.holding): f"{draw.taken}>{draw.pays}" for draw in draws}
    assert len(by_holding) == len(draws), "no holding is drawn twice"
    return " | ".join(" + ".join(by_holding.get(id(each), "0.00>0.00") for each in source) for source in drawable)


@pytest.mark.parametrize("row", rows("draws", "case"))
def test_wdl_1_draws_worked_by_hand(row: Row) -> None:
    drawable = sources(row["sources"])
    draw = draw_net if row["request"] == "net" else draw_gross
    assert shown(drawable, draw(drawable, D(row["amount"]))) == row["draws"]


@pytest.mark.parametrize("row", rows("draws", "case"))
def test_wdl_3_the_table_itself_balances(row: Row) -> None:
    """Net: what is paid adds to the request. Gross: what is taken does."""
    if row["draws"] != "none":
        pairs = [each.split(">") for part in row["draws"].split(" | ") for each in part.split(" + ")]
        taken, paid = (sum(map(D, column), D(0)) for column in zip(*pairs, strict=True))
        assert (paid if row["request"] == "net" else taken) == D(row["amount"])


@pytest.mark.parametrize(
    ("first", "second", "aggregate"),
    [
        (("200.00", "1.0500"), ("300.00", "0.9000"), "-20.00"),  # +10.00 and -30.00
        (("300.00", "1.1000"), ("200.00", "0.9500"), "20.00"),  # +30.00 and -10.00
    ],
)
def test_mva_6_the_aggregate_is_the_sum(first: tuple[str, str], second: tuple[str, str], aggregate: str) -> None:
    """The sidebar of the prospectus, both examples."""
    drawn = everything([(holding("A", *first),), (holding("B", *second),), (holding("fund", "500.00", "1"),)])
    block = mva_block([Sale(draw) for draw in drawn])
    assert block is not None
    assert block.aggregate == D(aggregate) == sum(line.adjustment for line in block.lines)
    assert len(block.lines) == 2, "a fund has no adjustment"


def test_mva_6_no_lot_no_block() -> None:
    assert mva_block([Sale(draw) for draw in everything([(holding("fund", "500.00", "1"),)])]) is None


def test_full_takes_what_is_worth_less_than_half_a_cent_too() -> None:
    drawable = sources("10.00@1 | 0.00@0.9500 + 5.00@1.1000")
    assert [draw.taken for draw in everything(drawable)] == [D("10.00"), D("0.00"), D("5.00")]
    assert [draw.taken for draw in draw_gross(drawable, D("15.00")) or []] == [D("10.00"), D("0.00"), D("5.00")]
    assert value_of(drawable[1]) == D("5.00")


def test_a_source_without_value_gives_nothing() -> None:
    drawable = sources("0.00@1 | 100.00@0.9500 | 100.00@1")
    assert shown(drawable, draw_net(drawable, D("97.50"))) == "0.00>0.00 | 50.00>47.50 | 50.00>50.00"
    assert shown(drawable, draw_gross(drawable, D("100.00"))) == "0.00>0.00 | 50.00>47.50 | 50.00>50.00"


def test_all_that_pays_more_than_was_asked_by_rounding_alone() -> None:
    """Three lots of 0.30 at .9500 pay 0.285 each, 0.855 together; rounded each pays 0.29, together 0.87.

    A net amount of 0.86 takes all of them, and the first one's adjustment makes up the cent.
    """
    drawable = sources("0.30@0.9500 | 0.30@0.9500 | 0.30@0.9500")
    assert shown(drawable, draw_net(drawable, D("0.86"))) == "0.30>0.28 | 0.30>0.29 | 0.30>0.29"
