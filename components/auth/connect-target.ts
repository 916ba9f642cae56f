/** A provider that an account can be connected to. */
export interface ConnectTarget {
  id: string;
  name: string;
}
