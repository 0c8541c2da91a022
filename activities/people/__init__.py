"""Who is concerned: tenants and their lists, centres, engineers of the rota."""
