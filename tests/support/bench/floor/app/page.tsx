/** The empty page, made by the build. */
export default function EmptyPage() {
  return <p>Nothing.</p>;
}
