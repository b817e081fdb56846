"""Pages of visits: recording one, paper lists and slips, and what residents see."""
