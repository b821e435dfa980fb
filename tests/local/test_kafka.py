"""The options with which the broker's folder is formatted."""

from analytics.local import kafka


def test_a_cluster_s_id_is_never_taken_for_an_option():
    made = {kafka._cluster_id() for _ in range(2_000)}

    assert len(made) == 2_000
    assert not [each for each in made if each.startswith("-")]
