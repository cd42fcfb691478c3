"""The addresses of every page of the demo, by the names that their screenshots have."""

PAGES = {
    "projects": "/",
    "pipeline": "/p/shop",
    "pipeline-past": "/p/shop?at=150",
    "pipeline-search": "/p/shop?q=payments",
    "stage": "/p/shop/stages/prod",
    "stage-uat": "/p/shop/stages/uat",
    "stage-rollback": "/p/shop/stages/prod?do=rollback&to=previous",
    "stage-choose": "/p/shop/stages/prod?do=choose&freight=2026.47",
    "stage-past": "/p/shop/stages/prod?at=200",
    "junction": "/p/shop/junctions/release",
    "warehouse": "/p/shop/warehouses/payments",
    "freight-list": "/p/shop/freight",
    "freight-found": "/p/shop/freight?q=fea3c36",
    "freight": "/p/shop/freight/2026.48",
    "grid": "/p/shop/grid",
    "audit": "/p/shop/audit",
    "event": "/p/shop/audit?event=100",
    "restore": "/p/shop/restore?to=%23120",
    "no-such-page": "/p/nothing",
    "no-such-moment": "/p/shop?at=yesteryear",
}


def with_promotion(server):
    """The same, with the newest promotion."""
    newest = server.ask("/v1/projects/shop/promotions?limit=1")["items"][0]["name"]
    return PAGES | {"promotion": f"/p/shop/promotions/{newest}"}
