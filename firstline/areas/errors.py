"""What the areas refuse, and what they say then."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, str | Promise] = {
    "area.not_found": _("There is no place %(area)s that you may see. Nothing was changed; please check its code."),
    "area.list_too_large": _(
        "This file is larger than an official list can be (limit %(limit)s). Nothing was taken over; please send the list of one district only."
    ),
    "area.list_unreadable": _(
        "This file could not be read as a table: it is damaged, protected by a password, or no CSV, Excel or JSON file. Nothing was taken over; please save it again as Excel or CSV."
    ),
    "area.list_empty": _(
        "There is no row with a code in this file. Nothing was taken over; please choose the right sheet or file."
    ),
    "area.list_columns": _(
        "The columns for code and name must be named. Nothing was changed; please choose them and try again."
    ),
    "area.list_wrong": _(
        "%(count)s rows of this list are wrong. Nothing was taken over; please mend them in the file and send it again."
    ),
    "area.list_no_zone": _(
        "This list does not say which place all streets and towns belong to. Nothing was taken over; please add the row of the district, or choose it."
    ),
    "area.list_several_zones": _(
        "This list holds several districts: %(names)s. Nothing was taken over; please choose which of them this installation serves."
    ),
    "area.other_zone": _(
        "This list is about %(listed)s, but this installation serves %(known)s. Nothing was taken over; please send the list of your own district."
    ),
    "area.list_stale": _(
        "The areas have changed since you looked at these differences. Nothing was applied; please look at them again."
    ),
    "area.list_before": _(
        "This list is dated earlier than the last one that was applied (%(last)s). Nothing was applied; please check its date."
    ),
    "area.merge_wrong": _(
        "A place can only be merged into another place of the same sort on the list. Nothing was applied; please choose again."
    ),
    "area.join_wrong": _(
        "Only a quasi-committee can be joined, and only to a community or village. Nothing was changed; please choose again."
    ),
    "area.shape_wrong": _(
        "The outline of %(name)s is not usable: %(detail)s. Nothing was kept; please mend it in your map program and send it again."
    ),
    "area.shapes_unreadable": _(
        "This is no GeoJSON file with outlines (longitude, latitude, WGS84). Nothing was kept; please export it again."
    ),
    "area.shapes_unknown": _(
        "No outline in this file carries the code of a place or grid known here. Nothing was kept; each needs a property `code`."
    ),
    "grid.code_wrong": _(
        "A grid's code has 1 to 24 letters, digits or hyphens. Nothing was saved; please choose another code."
    ),
    "grid.code_taken": _(
        "There is already a grid with the code %(grid)s. Nothing was saved; please choose another code."
    ),
    "grid.name_missing": _("A grid needs a name. Nothing was saved; please give it one."),
    "grid.parent_wrong": _(
        "A grid lies in a larger grid: small in medium or large, medium in large. Nothing was saved; please choose another."
    ),
    "grid.no_area": _(
        "A grid must be linked to at least one place where you work. Nothing was saved; please choose one."
    ),
    "grid.has_cells": _("This grid still holds smaller grids. Nothing was changed; please end or move those first."),
    "grid.list_wrong": _(
        "%(count)s rows of this list of grids are wrong. Nothing was kept; please mend them in the file and send it again."
    ),
}
