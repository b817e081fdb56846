"""A synthetic district with known truth, on which the whole response is rehearsed.

The pure half: `make_district` invents the places, doors and people, `truth_of` counts them,
`write_files` hands them over as an office would (official list, grid list, posts, messy rosters).
Everything is invented. The code prefix 9902 belongs to no place, the coordinates lie in an
empty desert, telephones have 0000 in the middle.
"""
