/** A checksum file as `sha256sum --check` reads it. */
export function checksumText(files: readonly { readonly name: string; readonly sha256: string }[]): string {
  return files.map((file) => `${file.sha256}  ${file.name}\n`).join('');
}

/** Reads a checksum file; lines of another form are left out. */
export function readChecksums(text: string): readonly { readonly name: string; readonly sha256: string }[] {
  return text.split('\n').flatMap((line) => {
    const [, sha256, name] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
    return sha256 === undefined || name === undefined ? [] : [{ name, sha256 }];
  });
}
