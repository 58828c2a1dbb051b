/** What went wrong; told at once to who cannot see it. */
export function Problem({ text, retry }: { readonly text: string | null; readonly retry?: () => void }) {
  if (text === null) return null;
  return (
    <p class="notice problem" role="alert">
      {text}
      {retry !== undefined && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </p>
  );
}

export function Empty({ text }: { readonly text: string }) {
  return <p class="empty">{text}</p>;
}
