/**
 * Every path below `/api/` that no other route has. Without it Next would draw the site's "not found" page, which costs as much as any other
 * page, for addresses that programs try at random and nobody looks at.
 */
function notFound(): Response {
  const error = "not_found";
  return Response.json({ error }, { status: 404, headers: { "Cache-Control": "no-store" } });
}

export {
  notFound as DELETE,
  notFound as GET,
  notFound as HEAD,
  notFound as OPTIONS,
  notFound as PATCH,
  notFound as POST,
  notFound as PUT,
};
