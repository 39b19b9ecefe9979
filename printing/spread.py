"""Letters set apart, so that a code is read and told without mistakes."""

from dataclasses import replace

from printing.text import Line, Piece


def spread(line: Line, tracking_em: float) -> Line:
    """The line with so much more room between its letters; Nastaliq, whose letters join, stays as it is."""
    pieces: list[Piece] = []
    moved_em = 0.0
    for piece in line.pieces:
        start_em = piece.x_em + moved_em
        words = []
        for word in piece.words:
            more_em = 0.0 if piece.font.is_nastaliq else tracking_em
            moves = tuple(move + round(more_em * 1000) for move in word.moves)
            words.append(replace(word, moves=moves, advance_em=word.advance_em + more_em * len(moves)))
            moved_em += more_em * len(moves)
        pieces.append(replace(piece, words=tuple(words), x_em=start_em))
    return replace(line, pieces=tuple(pieces), width_em=line.width_em + max(0.0, moved_em - tracking_em))
