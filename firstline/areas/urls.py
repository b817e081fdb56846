from __future__ import annotations

from django.urls import path

from firstline.areas import grid_views, list_views, views

app_name = "areas"
urlpatterns = [
    path("", views.tree, name="tree"),
    path("lists/", list_views.lists, name="lists"),
    path("lists/<uuid:list_id>/", list_views.list_, name="list"),
    path("lists/<uuid:list_id>/columns/", list_views.columns, name="list_columns"),
    path("lists/<uuid:list_id>/apply/", list_views.apply, name="list_apply"),
    path("lists/<uuid:list_id>/again/", list_views.again, name="list_again"),
    path("lists/<uuid:list_id>/discard/", list_views.discard, name="list_discard"),
    path("grids/", grid_views.grids, name="grids"),
    path("grids/new/", grid_views.grid_new, name="grid_new"),
    path("grids/import/", grid_views.grids_import, name="grids_import"),
    path("grids/<uuid:grid_id>/end/", grid_views.grid_end, name="grid_end"),
    path("grids/<uuid:grid_id>/reopen/", grid_views.grid_reopen, name="grid_reopen"),
    path("grids/<slug:grid_code>/", grid_views.grid, name="grid"),
    path("outlines/", views.outlines_new, name="outlines_new"),
    path("<slug:code>/", views.area, name="area"),
    path("<slug:code>/join/", views.join, name="join"),
    path("<slug:code>/outlines.geojson", views.outlines, name="outlines"),
]
