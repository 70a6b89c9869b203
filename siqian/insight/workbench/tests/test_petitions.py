"""What a petition's procedure owes stands in the to-do list of the desk whose part it is."""

from siqian.kernel import clock
from siqian.spine.matters import queries as matters
from siqian.spine.matters.tests.test_petition import day, tell


def test_a_petition_stands_on_the_desk_and_leads_to_its_step(town, signed_in):
    told = tell(town)
    with clock.stopped_at(day(14, 10)):
        visitor = signed_in("ruolan")
        page = visitor.get("/desk").content.decode()
        assert f"/desk/petitions/{told}" in page and "按信访程序走这一步" in page
        there = visitor.get(f"/desk/petitions/{told}")
        assert there["Location"] == f"/desk/matters/{matters.number_of(told)}#petition"
        assert f"/desk/petitions/{told}" not in signed_in("caiyun").get("/desk").content.decode()
