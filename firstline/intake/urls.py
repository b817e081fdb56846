from django.urls import path

from firstline.intake import review_views, views

app_name = "intake"
urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/new/", views.upload, name="upload"),
    path("imports/review/", review_views.review, name="review"),
    path("imports/<uuid:import_id>/", views.import_, name="import"),
    path("imports/<uuid:import_id>/columns/", views.columns, name="columns"),
    path("imports/<uuid:import_id>/publish/", views.publish, name="publish"),
    path("imports/<uuid:import_id>/discard/", views.discard, name="discard"),
    path("imports/<uuid:import_id>/go-on/", views.carry_on, name="carry_on"),
    path("imports/<uuid:import_id>/undo/", views.undo, name="undo"),
    path("imports/<uuid:import_id>/totals/", views.explain, name="explain"),
    path("imports/<uuid:import_id>/rows/", views.rows, name="rows"),
    path("imports/<uuid:import_id>/errors/", views.errors, name="errors"),
    path("imports/<uuid:import_id>/rows/<int:n>/", review_views.row, name="row"),
    path("imports/<uuid:import_id>/rows/<int:n>/undo/", review_views.undo_row, name="undo_row"),
    path("imports/<uuid:import_id>/rows/<int:n>/show/", review_views.show_row, name="show_row"),
]
